package org.einscale.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.RateTable;
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
    private static final Pattern WARNING = Pattern.compile("\\S+ \\S+ +\\[.*?] \\w+: warning: (.*)");

    /** @throws UserError if the folder holds no run */
    public RecordedRun {
        if (!isRun(path)) {
            throw new UserError(
                    path + ": no run there; expected a folder that `einscale sweep` or `einscale train` wrote");
        }
    }

    /** Whether a folder holds a run. */
    public static boolean isRun(Path path) {
        return Files.isRegularFile(path.resolve(RunFolder.SETTINGS));
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

    /** A row for each trial that has ended; none where the first are still to begin. */
    public List<Run> runs() {
        return Files.exists(table()) ? RunTable.read(table()) : List.of();
    }

    /** The table of trials. */
    public Path table() {
        return path.resolve("runs.csv");
    }

    /** The folder of the sweep of short trainings that search learning rates, whether there is one or not. */
    public Path search() {
        return path.resolve(RunFolder.SEARCH);
    }

    /** The learning rates found, empty where none were searched. */
    public List<RateTable.Row> rates() {
        Path file = path.resolve("learning-rates.csv");
        return Files.exists(file) ? RateTable.read(file) : List.of();
    }

    /** The report that people read. */
    public Path report() {
        return path.resolve("report.html");
    }

    /** What the log warns of, in its words. */
    public List<String> warnings() {
        Path log = path.resolve("einscale.log");
        try (Stream<String> lines = Files.exists(log) ? Files.lines(log) : Stream.empty()) {
            return lines.map(WARNING::matcher).filter(Matcher::matches).map(line -> line.group(1)).distinct().toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of();
        }
    }

    /** All measurements of trials that have ended. */
    public List<HistoryTable.Row> history() {
        Path file = path.resolve("history.csv");
        return Files.exists(file) ? HistoryTable.read(file) : List.of();
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

    /** Where the run comes from: each start of it, the first one first, by the components of {@link Provenance}. */
    public List<JsonNode> starts() {
        try {
            return new ProvenanceFile(path).all();
        } catch (IOException unreadable) {
            throw new UserError(path + ": " + Failure.describe(unreadable), unreadable);
        }
    }

    private TreeMap<String, String> lasting() {
        List<JsonNode> starts = starts();
        if (starts.isEmpty()) {
            throw new UserError(path + ": holds no provenance.json of einscale");
        }
        var values = new TreeMap<String, String>();
        List.of("dataChecksum", "einscale", "commit", "diff", "jdk", "os", "cpu")
                .forEach(key -> values.put(key, starts.getLast().path(key).asText()));
        return values;
    }
}
