package org.einscale.experiments.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.config.FlatSettings;
import org.einscale.experiments.explain.Columns;
import org.einscale.scaling.Figures;
import org.einscale.scaling.table.Run;

/**
 * Runs side by side.
 *
 * @param names of the runs, all different
 * @param settings of each run, by path
 * @param results the trials of each run that have ended
 */
public record RunComparison(List<String> names, List<Map<String, String>> settings, List<List<Run>> results) {
    private static final String NOT_SET = "-";
    private static final int WIDEST = 40;

    /** Runs by the names of their folders, or by their paths where two folders have one name. */
    public static RunComparison of(List<RecordedRun> runs) {
        List<String> folders = runs.stream().map(RecordedRun::name).toList();
        boolean clear = new HashSet<>(folders).size() == runs.size();
        return new RunComparison(clear ? folders : runs.stream().map(run -> run.path().toString()).toList(),
                runs.stream().<Map<String, String>>map(run -> FlatSettings.of(run.settings())).toList(),
                runs.stream().map(RecordedRun::runs).toList());
    }

    /** Paths of settings that are not the same in all runs. */
    public List<String> differing() {
        Set<String> paths = new TreeSet<>();
        settings.forEach(all -> paths.addAll(all.keySet()));
        return paths.stream().filter(path -> Set.copyOf(values(path)).size() > 1).toList();
    }

    private List<String> values(String path) {
        return settings.stream().map(all -> all.getOrDefault(path, NOT_SET)).toList();
    }

    /** The settings that differ, then a line for each trial of each run. */
    public String text() {
        List<String> differing = differing();
        if (differing.isEmpty()) {
            return "no setting differs\n\n" + trials();
        }
        Columns table = new Columns(names, "setting");
        differing.forEach(path -> table.add(values(path).stream().map(RunComparison::elided).toList(), path));
        return table + "\n" + trials();
    }

    private static String elided(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
    }

    private String trials() {
        List<String> headings = new ArrayList<>(List.of("N", "tokens"));
        names.forEach(name -> headings.add("loss in " + name));
        Columns table = new Columns(headings, "trial");
        for (String trial : trialNames()) {
            List<Run> rows = results.stream().flatMap(Collection::stream).filter(run -> run.trial().equals(trial))
                    .toList();
            List<String> cells = new ArrayList<>(List.of(one(rows.stream().map(Run::n).toList()),
                    one(rows.stream().map(Run::tokens).toList())));
            IntStream.range(0, names.size()).forEach(i -> cells.add(results.get(i).stream()
                    .filter(run -> run.trial().equals(trial)).findFirst().map(RunComparison::loss).orElse(NOT_SET)));
            table.add(cells, trial);
        }
        return table.toString();
    }

    private Set<String> trialNames() {
        Set<String> trials = new LinkedHashSet<>();
        results.forEach(runs -> runs.forEach(run -> trials.add(run.trial())));
        return trials;
    }

    /** A count that all runs have, or that they differ. */
    private static String one(List<Long> counts) {
        return Set.copyOf(counts).size() == 1 ? Figures.count(counts.getFirst()) : "differ";
    }

    private static String loss(Run run) {
        return run.status() == Run.Status.FINISHED ? Figures.of(run.valLoss()) : "failed";
    }
}
