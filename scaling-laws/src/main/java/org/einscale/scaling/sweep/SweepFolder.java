package org.einscale.scaling.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunFile;
import org.einscale.scaling.table.RunTable;

/**
 * The files of a sweep: {@code runs.csv} and {@code history.csv}, and in {@code trials/NAME/} what belongs to one trial:
 * {@code configuration.txt}, {@code history.csv}, {@code result.json} once it has ended, and whatever its runner keeps there.
 *
 * @param root the sweep's folder
 */
record SweepFolder(Path root) {

    private static final String CONFIGURATION = "configuration.txt";

    Path trial(Trial trial) {
        return trials().resolve(trial.name());
    }

    Path history(Trial trial) {
        return trial(trial).resolve("history.csv");
    }

    private Path trials() {
        return root.resolve("trials");
    }

    private Path result(Trial trial) {
        return trial(trial).resolve("result.json");
    }

    /**
     * Makes the trials' folders, each with its configuration; refuses a folder that another sweep began, changing nothing.
     *
     * @throws ScalingException naming the trial and the first setting that differs
     */
    void claim(List<Trial> trials) {
        for (Trial trial : trials) {
            Path file = trial(trial).resolve(CONFIGURATION);
            if (Files.exists(file)) {
                compare(trial, AtomicFile.read(file));
            }
        }
        List<String> names = trials.stream().map(Trial::name).toList();
        for (String begun : begun()) {
            if (!names.contains(begun)) {
                throw new ScalingException(root + " holds trial " + begun
                        + ", which this sweep does not have; choose a new folder or move "
                        + trials().resolve(begun) + " away");
            }
        }
        for (Trial trial : trials) {
            Path file = trial(trial).resolve(CONFIGURATION);
            if (!Files.exists(file)) {
                AtomicFile.write(file, trial.fingerprint());
            }
        }
    }

    private void compare(Trial trial, String found) {
        List<String> before = found.lines().toList();
        List<String> now = trial.fingerprint().lines().toList();
        for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
            String was = i < before.size() ? before.get(i).strip() : "nothing";
            String is = i < now.size() ? now.get(i).strip() : "nothing";
            if (!was.equals(is)) {
                throw new ScalingException(String.format(
                        "%s was begun with another configuration: trial %s had '%s' where it now has '%s'; choose a new folder or the old configuration",
                        root, trial.name(), was, is));
            }
        }
    }

    private List<String> begun() {
        if (!Files.isDirectory(trials())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(trials())) {
            return folders.filter(folder -> Files.exists(folder.resolve(CONFIGURATION)))
                    .map(folder -> folder.getFileName().toString()).sorted()
                    .toList();
        } catch (IOException e) {
            throw new ScalingException("cannot read " + trials() + ": " + AtomicFile.reason(e), e);
        }
    }

    /** The row kept of an earlier run of the sweep. */
    Optional<Run> kept(Trial trial) {
        return Files.exists(result(trial)) ? Optional.of(RunFile.read(result(trial))) : Optional.empty();
    }

    void keep(Trial trial, Run run) {
        RunFile.write(result(trial), run);
    }

    /** Rewrites both tables: the trials that have ended, in the sweep's order. */
    void writeTables(List<Trial> trials, Map<Trial, Run> ended) {
        var runs = new ArrayList<Run>();
        var history = new ArrayList<HistoryTable.Row>();
        for (Trial trial : trials) {
            Run run = ended.get(trial);
            if (run != null) {
                runs.add(run);
                history.addAll(Files.exists(history(trial)) ? HistoryTable.read(history(trial)) : List.of());
            }
        }
        HistoryTable.write(root.resolve("history.csv"), history);
        RunTable.write(root.resolve("runs.csv"), runs);
    }
}
