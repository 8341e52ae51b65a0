package org.einscale.experiments.shard;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.explain.Columns;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rule;
import org.einscale.sharding.partition.Prediction;
import org.einscale.sharding.search.AutoSharding;
import org.einscale.sharding.search.AutoSharding.Candidate;
import org.einscale.tensor.Quantity;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.PlannedStep;

/** The best plan of a training step on every grid of so many devices, with what it is predicted to take. */
public final class PlanSearch {
    private PlanSearch() {
    }

    /**
     * Searches, and tells what it found.
     *
     * @param memory
     *            bytes of a device
     * @param progress
     *            is told each better plan
     */
    public static String table(Experiment experiment, int devices, long memory, Consumer<String> progress) {
        PlannedStep step = TrainerSettings.step(experiment.settings(), Machine.typical());
        return table(new AutoSharding(step.program(), step.context(), Network.LOCAL, memory, step.optimizerStates(),
                progress).best(devices));
    }

    private static String table(List<Candidate> plans) {
        Prediction best = plans.getFirst().prediction();
        Columns rows = new Columns(List.of("seconds", "FLOPs", "sent", "exchanges", "memory"), "plan");
        for (Candidate plan : plans) {
            Prediction told = plan.prediction();
            rows.add(List.of(String.format(Locale.ROOT, "%.3g", told.seconds()), Quantity.count(told.operations()),
                    Quantity.bytes(told.bytes()), Integer.toString(told.rounds()), Quantity.bytes(told.memory())),
                    options(plan));
            if (plan != plans.getFirst()) {
                rows.add("  loses: " + why(plan, best));
            }
        }
        return rows.toString();
    }

    /** As options of the command say it. */
    private static String options(Candidate plan) {
        String mesh = String.join(",", plan.splitting().mesh().axes().entrySet().stream()
                .map(axis -> axis.getKey() + "=" + axis.getValue()).toList());
        String rules = String.join(",", plan.splitting().rules().rules().stream().map(Rule::toString).toList());
        return "--mesh " + mesh + (rules.isEmpty() ? "" : " --rules " + rules);
    }

    private static String why(Candidate plan, Prediction best) {
        Prediction told = plan.prediction();
        if (!plan.fits()) {
            return "it needs " + Quantity.bytes(told.memory()) + " a device";
        }
        Network network = plan.splitting().network();
        double work = network.time(told.operations() - best.operations(), 0, 0);
        double bytes = network.time(0, told.bytes() - best.bytes(), 0);
        double waits = network.time(0, 0, told.rounds() - best.rounds());
        double most = Math.max(work, Math.max(bytes, waits));
        return most <= 0
                ? "it is as fast, on a grid of more axes"
                : String.format(Locale.ROOT, most == work
                        ? "a device works %.3g s longer"
                        : most == bytes ? "a device sends %.3g s longer" : "devices wait %.3g s longer for one another",
                        most);
    }
}
