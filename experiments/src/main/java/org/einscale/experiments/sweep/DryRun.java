package org.einscale.experiments.sweep;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.explain.Columns;
import org.einscale.experiments.progress.Clock;
import org.einscale.scaling.table.RunColumn;
import org.einscale.tensor.Quantity;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.TrainingStep;
import org.einscale.trainer.Trunk;

/** What a sweep would train, and take: told before it is begun. */
public final class DryRun {
    private static final long STEPS = 5;
    private static final long MEASURED_NANOS = Duration.ofSeconds(4).toNanos();

    private DryRun() {
    }

    /**
     * A line for each trial, short ones that search a learning rate first, and how long all of them take on the workers that the settings ask for, the longest first. How
     * fast this machine is, some steps of the trial in the middle tell; a larger model is rather faster than that, a smaller one
     * slower.
     *
     * @param warnings
     *            gets each thing that the models may not mean, once
     * @throws IllegalArgumentException
     *             in one line if a model cannot be built or the text is too short
     */
    public static String table(Experiment experiment, Profile machine, int workers, Consumer<String> warnings) {
        TrainingData data = TrainerSettings.data(experiment.settings());
        List<TrialPlan> plans = TrialPlan.of(
                Stream.concat(new RateSearches(experiment.ladder()).first(List.of()).stream(),
                        experiment.ladder().stream())
                        .toList(),
                data);
        TrialPlan.warnings(plans).forEach(warnings);
        Trunks trunks = Trunks.of(plans.stream()
                .collect(Collectors.toMap(plan -> plan.trial().name(), TrialPlan::training)));
        List<TrialPlan> bySize = plans.stream().sorted(Comparator.comparingDouble(plan -> plan.trial().flopsProgram()))
                .toList();
        double rate = flopsPerSecond(bySize.get(bySize.size() / 2).training().on(machine));
        Columns rows = new Columns(Stream.concat(
                Stream.of(RunColumn.N, RunColumn.N_TOTAL, RunColumn.TOKENS, RunColumn.FLOPS_PROGRAM)
                        .map(RunColumn::column),
                Stream.of("disk", "time")).toList(), "trial");
        for (TrialPlan plan : plans) {
            rows.add(List.of(Quantity.count(plan.trial().n()), Quantity.count(plan.trial().nTotal()),
                    Quantity.count(plan.trial().tokens()), Quantity.count(plan.trial().flopsProgram()),
                    Quantity.bytes(disk(plan.training().step())), clock(own(plan, trunks) / rate)),
                    plan.trial().name() + trunks.of(plan.trial().name())
                            .map(longest -> " after " + Quantity.count(Trunk.steps(plan.training().spec()))
                                    + " steps of " + longest)
                            .orElse(""));
        }
        double flops = plans.stream().mapToDouble(plan -> plan.trial().flopsProgram()).sum();
        rows.add(List.of("", "", Quantity.count(plans.stream().mapToDouble(plan -> plan.trial().tokens()).sum()),
                Quantity.count(flops),
                Quantity.bytes(plans.stream().mapToDouble(plan -> disk(plan.training().step())).sum()),
                clock(last(bySize.reversed(), trunks, workers) / rate)),
                plans.size() + " trials, " + workers + (workers == 1 ? " at a time" : " side by side"));
        return rows.toString();
    }

    private static String clock(double seconds) {
        return Clock.text(Duration.ofSeconds(Math.round(seconds)));
    }

    /** By the fastest step of some seconds: the first ones are slow, until everything is compiled. */
    private static double flopsPerSecond(PreparedTraining prepared) {
        try (TrainingStep step = TrainingStep.of(prepared)) {
            long begin = System.nanoTime();
            long fastest = Long.MAX_VALUE;
            for (long index = 0; index < STEPS || System.nanoTime() - begin < MEASURED_NANOS; index++) {
                long start = System.nanoTime();
                step.run(index);
                fastest = Math.min(fastest, System.nanoTime() - start);
            }
            return prepared.flopsPerStep() * 1e9 / fastest;
        }
    }

    /** Bytes of the checkpoint, which has every state, and of the model. */
    private static double disk(PlannedStep step) {
        double states = step.training().program().states().stream()
                .mapToDouble(state -> step.sizes().points(state.axes())).sum();
        return (states + step.model().parameterCount()) * step.spec().precision().bytes();
    }

    /** FLOPs of what is not done by another trial. */
    private static double own(TrialPlan plan, Trunks trunks) {
        TrainingSpec spec = plan.training().spec();
        long shared = trunks.of(plan.trial().name()).isPresent() ? Trunk.steps(spec) : 0;
        return plan.trial().flopsProgram() * (spec.steps() - shared) / spec.steps();
    }

    /** FLOPs until the last worker has ended, when each takes the longest trial that is left. */
    private static double last(List<TrialPlan> longestFirst, Trunks trunks, int workers) {
        PriorityQueue<Double> ends = new PriorityQueue<>(
                Stream.generate(() -> 0.0).limit(workers).collect(Collectors.toList()));
        double last = 0;
        for (TrialPlan plan : longestFirst) {
            double end = ends.remove() + own(plan, trunks);
            ends.add(end);
            last = Math.max(last, end);
        }
        return last;
    }
}
