package org.einscale.experiments.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.Evaluation;

/**
 * Losses in the course of training, a line a trial, deeper for larger models.
 *
 * @param trials finished or not
 */
record HistoryChart(List<TrialStatus> trials) {
    private static final double FLOPS_A_PARAMETER_AND_TOKEN = 6;

    /** The chart, or nothing where nothing was measured yet. */
    Optional<Chart> chart() {
        List<Chart.View> views = Stream.of(
                view("validation, by tokens", "training tokens", "validation loss (nats/token)",
                        (_, at) -> (double) at.tokens(), Evaluation::valLoss),
                view("validation, by compute", "compute so far, 6 N D (FLOP)", "validation loss (nats/token)",
                        (trial, at) -> FLOPS_A_PARAMETER_AND_TOKEN * trial.n() * at.tokens(), Evaluation::valLoss),
                view("training, by tokens", "training tokens", "training loss (nats/token)",
                        (_, at) -> (double) at.tokens(), Evaluation::trainLoss))
                .filter(view -> !view.isEmpty()).toList();
        return views.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart("history", "Loss in the course of training",
                        "Losses of " + trials.size() + " trials as they train, a line each.", views));
    }

    private Chart.View view(String name, String x, String y, BiFunction<TrialStatus, Evaluation, Double> at,
            ToDoubleFunction<Evaluation> loss) {
        List<TrialStatus> bySize = trials.stream().sorted(Comparator.comparingLong(TrialStatus::n)).toList();
        return new Chart.View(name, x, y, IntStream.range(0, bySize.size()).mapToObj(i -> {
            TrialStatus trial = bySize.get(i);
            return new Chart.Series(trial.name(), Chart.Look.LINE, Chart.place(i, bySize.size()), true,
                    trial.evaluations().stream()
                            .map(one -> Chart.Mark.of(at.apply(trial, one), loss.applyAsDouble(one),
                                    "step " + one.step() + ", N = " + Figures.count(trial.n())))
                            .filter(Chart.Mark::isDrawn).toList());
        }).filter(series -> !series.points().isEmpty()).toList());
    }
}
