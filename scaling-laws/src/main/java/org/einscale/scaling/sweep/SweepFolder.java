package org.einscale.scaling.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunFile;
import org.einscale.scaling.table.RunTable;

/**
 * The files of a sweep: {@code runs.csv} and {@code history.csv}, and in {@code trials/NAME/} what belongs to one trial:
 * {@code configuration.txt}, {@code history.csv}, {@code progress.json} while it runs, {@code result.json} once it has ended, and
 * whatever its runner keeps there.
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

    ProgressFile progress(Trial trial) {
        return new ProgressFile(trial(trial));
    }

    private Path trials() {
        return root.resolve("trials");
    }

    private Path result(Trial trial) {
        return trial(trial).resolve("result.json");
    }

    /**
     * Gives each trial its folder, with its configuration. Trials are known by their configurations, not by their names: a
     * folder of the same configuration becomes the trial's whatever it was called, and one that has a trial's name and
     * another configuration is moved aside. Nothing is deleted.
     *
     * @return names of the folders that belong to none of the trials
     * @throws ScalingException where all of the folder belongs to another sweep, of which nothing is then changed
     */
    List<String> claim(List<Trial> trials) {
        SortedMap<String, String> begun = begun();
        Set<String> names = trials.stream().map(Trial::name).collect(Collectors.toSet());
        if (begun.values().stream().noneMatch(found -> trials.stream().anyMatch(trial -> isOf(trial, found)))) {
            trials.stream().filter(trial -> begun.containsKey(trial.name()))
                    .forEach(trial -> refuse(trial, begun.getOrDefault(trial.name(), "")));
        }
        for (Trial trial : trials) {
            String found = begun.get(trial.name());
            if (found != null && !isOf(trial, found)) {
                move(trial.name(), free(trial.name(), names), begun);
            }
        }
        for (Trial trial : trials) {
            if (!begun.containsKey(trial.name())) {
                begun.entrySet().stream()
                        .filter(other -> !names.contains(other.getKey()) && isOf(trial, other.getValue())).findFirst()
                        .filter(other -> !Files.exists(trial(trial)))
                        .ifPresent(other -> move(other.getKey(), trial.name(), begun));
                AtomicFile.write(trial(trial).resolve(CONFIGURATION), trial.fingerprint());
            }
        }
        return begun.keySet().stream().filter(name -> !names.contains(name)).toList();
    }

    private static boolean isOf(Trial trial, String configuration) {
        return lines(configuration).equals(lines(trial.fingerprint()));
    }

    private static List<String> lines(String configuration) {
        return configuration.lines().map(String::strip).toList();
    }

    /** A name for what is moved aside. */
    private String free(String name, Set<String> taken) {
        return IntStream.iterate(1, i -> i + 1).mapToObj(i -> name + "." + i)
                .filter(aside -> !taken.contains(aside) && !Files.exists(trials().resolve(aside))).findFirst()
                .orElseThrow();
    }

    private void move(String from, String to, SortedMap<String, String> begun) {
        try {
            Files.move(trials().resolve(from), trials().resolve(to));
        } catch (IOException e) {
            throw new ScalingException("cannot rename " + trials().resolve(from) + ": " + AtomicFile.reason(e), e);
        }
        begun.put(to, Objects.requireNonNull(begun.remove(from)));
    }

    private void refuse(Trial trial, String found) {
        List<String> before = lines(found);
        List<String> now = lines(trial.fingerprint());
        throw new ScalingException(String.format(
                "%s was begun with another configuration: trial %s had %s where it now has %s; choose a new folder or the old configuration",
                root, trial.name(), without(before, now), without(now, before)));
    }

    private static String without(List<String> lines, List<String> others) {
        return lines.stream().filter(line -> !others.contains(line))
                .collect(
                        Collectors.collectingAndThen(Collectors.joining(", "), all -> all.isEmpty() ? "nothing" : all));
    }

    /** The configurations of the trials begun in the folder, by the names of their folders. */
    SortedMap<String, String> begun() {
        SortedMap<String, String> begun = new TreeMap<>();
        if (!Files.isDirectory(trials())) {
            return begun;
        }
        try (Stream<Path> folders = Files.list(trials())) {
            for (Path folder : folders.filter(each -> Files.exists(each.resolve(CONFIGURATION))).toList()) {
                begun.put(folder.getFileName().toString(), AtomicFile.read(folder.resolve(CONFIGURATION)));
            }
            return begun;
        } catch (IOException e) {
            throw new ScalingException("cannot read " + trials() + ": " + AtomicFile.reason(e), e);
        }
    }

    /**
     * What the tables hold of a trial that has ended.
     *
     * @param history its rows of {@code history.csv}
     */
    record TrialRows(Run run, List<HistoryTable.Row> history) {}

    /** What is kept of an earlier run of the sweep. */
    Optional<TrialRows> kept(Trial trial) {
        return Files.exists(result(trial))
                ? Optional.of(rows(trial, RunFile.read(result(trial)).named(trial.name())))
                : Optional.empty();
    }

    /** A row with the trial's evaluations, which are read here. */
    TrialRows rows(Trial trial, Run run) {
        return new TrialRows(run, evaluations(trial));
    }

    void keep(Trial trial, Run run) {
        RunFile.write(result(trial), run);
        progress(trial).delete();
    }

    /** Rewrites both tables: the trials that have ended, in the sweep's order. */
    void writeTables(List<Trial> trials, Map<Trial, TrialRows> ended) {
        List<TrialRows> all = trials.stream().map(ended::get).filter(Objects::nonNull).toList();
        HistoryTable.write(root.resolve("history.csv"),
                all.stream().flatMap(each -> each.history().stream()).toList());
        RunTable.write(root.resolve("runs.csv"), all.stream().map(TrialRows::run).toList());
    }

    private List<HistoryTable.Row> evaluations(Trial trial) {
        return Files.exists(history(trial))
                ? HistoryTable.read(history(trial)).stream()
                        .map(row -> new HistoryTable.Row(trial.name(), row.n(), row.evaluation())).toList()
                : List.of();
    }
}
