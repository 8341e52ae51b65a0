package org.einscale.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.tensor.machine.ProfileFile;
import org.einscale.tensor.profile.Profile;

/**
 * What a run has left in its folder, to be read, whether it is finished or still going on.
 *
 * @param path the folder
 */
public record RecordedRun(Path path) {

    /** @throws UserError if the folder holds no run */
    public RecordedRun {
        if (!Files.isRegularFile(path.resolve("runs.csv")) || !Files.isRegularFile(path.resolve(RunFolder.SETTINGS))) {
            throw new UserError(
                    path + ": no run there; expected a folder that `einscale sweep` or `einscale train` wrote");
        }
    }

    /** The last name of the folder. */
    public String name() {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    /** The experiment as it was resolved, wherever its file is now. */
    public Experiment experiment() {
        return ExperimentFile.read(path.resolve(RunFolder.SETTINGS), List.of());
    }

    /** All settings. */
    public Config settings() {
        return experiment().resolved();
    }

    /** A row for each trial that has ended. */
    public List<Run> runs() {
        return RunTable.read(path.resolve("runs.csv"));
    }

    /** All measurements of trials that have ended. */
    public List<HistoryTable.Row> history() {
        return HistoryTable.read(path.resolve("history.csv"));
    }

    /** The folder of a trial. */
    public Path trial(String name) {
        return path.resolve("trials").resolve(name);
    }

    /**
     * The machine that the run was planned for.
     *
     * @throws UserError if it is not known
     */
    public Profile machine() {
        Path file = path.resolve("machine.json");
        try {
            return ProfileFile.read(file).orElseThrow(() -> new UserError(file + ": no such file; without the machine"
                    + " that the run was planned for its last bits cannot be reproduced"));
        } catch (IOException unreadable) {
            throw new UserError(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    /** What the provenance of this run and of another say differently, as {@code commit (1, now 2)}; when and by whom is not asked. */
    public List<String> provenanceDifferences(RecordedRun now) {
        var before = lasting();
        var after = now.lasting();
        List<String> differences = new ArrayList<>();
        before.forEach((key, value) -> {
            String other = after.getOrDefault(key, "nothing");
            if (!other.equals(value)) {
                differences.add(key.equals("diff")
                        ? "changes that were not committed"
                        : "%s (%s, now %s)".formatted(key, value, other));
            }
        });
        return differences;
    }

    private TreeMap<String, String> lasting() {
        try {
            JsonNode start = new ProvenanceFile(path).last()
                    .orElseThrow(() -> new UserError(path + ": holds no provenance.json of einscale"));
            var values = new TreeMap<String, String>();
            List.of("dataChecksum", "einscale", "commit", "diff", "jdk", "os", "cpu")
                    .forEach(key -> values.put(key, start.path(key).asText()));
            return values;
        } catch (IOException unreadable) {
            throw new UserError(path + ": " + Failure.describe(unreadable), unreadable);
        }
    }
}
