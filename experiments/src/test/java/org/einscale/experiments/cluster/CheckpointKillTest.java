package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.einscale.tensor.file.Safetensors;
import org.einscale.trainer.Checkpoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is killed while it writes a checkpoint has the one before, and goes on from it to the same bits. */
@Tag("cluster")
class CheckpointKillTest {
    private static final int TIMES = 20;
    private static final int EVERY = 2;
    /** Checkpoints of some 10 MB. */
    private static final List<String> LARGE = large(EVERY);
    private static final long LOOKING_NANOS = 20_000;

    @TempDir
    private Path folder = Path.of("");

    private static List<String> large(int every) {
        return List.of("-S", "mesh.data=1", "-S", "mesh.model=1", "-S", "preset=[]", "-S", "model.axes.d=128", "-S",
                "model.layers=4", "-S", "training.steps=100", "-S", "training.evaluate-every=50", "-S",
                "training.checkpoint-every=" + every);
    }

    @Test
    void theCheckpointIsTheOldOneOrTheNewOneAndNeverHalf() throws Exception {
        Processes processes = new Processes(folder);
        processes.awaitEnd("alone", processes.train("alone", large(0)));
        Process first = processes.train("hit", LARGE);
        processes.awaitCheckpoint("hit", first);
        first.destroyForcibly().waitFor();

        Random random = new Random(1);
        Path file = folder.resolve("hit/trials/model").resolve(Checkpoint.FILE);
        Path half = file.resolveSibling(Checkpoint.FILE + ".new");
        long whole = Files.size(file);
        int tensors = Safetensors.read(file).arrays().size();
        for (int caught = 0; caught < TIMES;) {
            Files.deleteIfExists(half);
            long before = processes.checkpoint("hit");
            Process training = processes.train("hit", LARGE);
            long after = before + EVERY * random.nextInt(3);
            awaitThat(() -> processes.checkpoint("hit") >= after, training, processes);
            long size = (long) (random.nextDouble() * whole);
            awaitThat(() -> half.toFile().length() >= size, training, processes);
            training.destroyForcibly().waitFor();
            // It may have been faster.
            caught += Files.exists(half) ? 1 : 0;
            assertThat(processes.checkpoint("hit")).isGreaterThanOrEqualTo(before);
            assertThat(Safetensors.read(file).arrays()).hasSize(tensors);
        }
        processes.awaitEnd("hit", processes.train("hit", LARGE));
        assertThat(processes.result("hit")).isEqualTo(processes.result("alone"));
    }

    private static void awaitThat(BooleanSupplier moment, Process training, Processes processes) {
        while (!moment.getAsBoolean()) {
            assertThat(training.isAlive()).as(processes.output("hit")).isTrue();
            LockSupport.parkNanos(LOOKING_NANOS);
        }
    }
}
