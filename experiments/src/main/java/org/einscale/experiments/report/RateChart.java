package org.einscale.experiments.report;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.Run;

/**
 * Losses of short trainings that search a learning rate, a line a size. Trainings that diverged are not drawn.
 *
 * @param searched the short trainings
 */
record RateChart(List<TrialStatus> searched) {

    /** The chart, or nothing where none has finished. */
    Optional<Chart> chart() {
        Map<String, List<Run>> sizes = searched.stream().flatMap(trial -> trial.run().stream())
                .filter(run -> run.status() == Run.Status.FINISHED).sorted(Comparator.comparingLong(Run::n))
                .collect(Collectors.groupingBy(RateChart::size, LinkedHashMap::new, Collectors.toList()));
        List<String> names = List.copyOf(sizes.keySet());
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart("rates", "Search for learning rates",
                        "Validation loss of short trainings against their learning rate, a line a size.",
                        List.of(new Chart.View("learning rate", "peak learning rate", "validation loss (nats/token)",
                                IntStream.range(0, names.size())
                                        .mapToObj(i -> series(names.get(i), sizes.getOrDefault(names.get(i), List.of()),
                                                Chart.place(i, names.size())))
                                        .toList()))));
    }

    private static String size(Run run) {
        return run.trial().replaceFirst("-rate[^-]*(E-?\\d+)?$", "");
    }

    private static Chart.Series series(String name, List<Run> runs, double place) {
        Map<Double, Run> byRate = new TreeMap<>();
        runs.forEach(run -> byRate.put(run.learningRate(), run));
        return new Chart.Series(name, Chart.Look.LINE, place, true,
                byRate.values().stream().map(run -> Chart.Mark.of(run.learningRate(), run.valLoss(), "N = "
                        + Figures.count(run.n()))).toList());
    }
}
