package org.einscale.scaling.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code progress.json} of a trial: the last step that its training told of, for those who watch. Nothing else reads it, so it is not
 * forced to the disk, and a file that cannot be written or read is no file.
 */
final class ProgressFile {

    /** Its name in the folder of a trial. */
    static final String NAME = "progress.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path file;
    private long last = System.nanoTime() - EVERY_NANOS;

    ProgressFile(Path trial) {
        this.file = trial.resolve(NAME);
    }

    /** Writes, but not more often than once a second. */
    void update(Progress progress) {
        long now = System.nanoTime();
        if (now - last >= EVERY_NANOS) {
            last = now;
            write(progress);
        }
    }

    private void write(Progress progress) {
        ObjectNode node = JSON.createObjectNode().put("step", progress.step()).put("steps", progress.steps())
                .put("train_loss", progress.trainLoss()).put("tokens_per_second", progress.tokensPerSecond());
        Path fresh = file.resolveSibling(NAME + ".new");
        try {
            Files.writeString(fresh, node + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException nobodyCanWatch) {
            // Training needs no watchers; a full disk is told by what it does need.
        }
    }

    /** The last step told of, and when. */
    static Optional<Heard> read(Path trial) {
        Path file = trial.resolve(NAME);
        try {
            JsonNode node = JSON.readTree(Files.readString(file));
            return Optional.of(new Heard(
                    new Progress(node.path("step").asLong(), node.path("steps").asLong(),
                            node.path("train_loss").asDouble(Double.NaN),
                            node.path("tokens_per_second").asDouble(Double.NaN)),
                    Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** What was told, and when. */
    record Heard(Progress progress, Instant at) {}

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // The row of a trial that has ended counts more than its progress.
        }
    }
}
