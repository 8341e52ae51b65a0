package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.sweep.DryRun;
import org.einscale.experiments.sweep.ExperimentRun;
import org.einscale.experiments.sweep.NodeWorkers;
import org.einscale.experiments.sweep.SweepReport;
import org.einscale.experiments.sweep.Workplace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale sweep}: trains a ladder of sizes and fits the law to their losses. */
@Command(name = "sweep", description = {"Train an experiment at each of its sweep.sizes, then fit and draw the law.",
    "",
    "A sweep may also be a grid, rows of a zip, random draws, and combinations of them: sweep.grid, sweep.zip, sweep.random,"
            + " sweep.exclude. Trials run side by side, one on each core. A sweep that was interrupted goes on where it was when the same"
            + " command is given again; finished trials are kept. With nodes, trials run on them, one on each core, and one whose node is"
            + " lost is run anew on another."}, footer = {
                "  einscale sweep experiments/configs/quickstart.conf",
                "  einscale sweep experiments/configs/quickstart.conf --dry-run",
                "  einscale sweep mine.conf -S 'sweep.grid.seed=[1,2,3]' -S 'sweep.on-failure=retry 2'",
                "  einscale sweep mine.conf -S seed=2 -S training.tokens=4e6 -o runs/mine-seed2",
                "  einscale sweep mine.conf --nodes 192.0.2.5:25520 --secret secret.p12"})
public final class SweepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Mixin
    private NodesOption nodes = new NodesOption();

    @Option(names = "--dry-run", description = "Train nothing: print the trials with their parameters, FLOPs, bytes on disk and the time that they will take, from some steps on this machine.")
    private boolean dryRun;

    @Override
    public Integer call() {
        Experiment experiment = options.read();
        if (experiment.ladder().isEmpty()) {
            throw new UserError(
                    "sweep.sizes: expected at least one size, or settings in sweep.grid, zip or random, found"
                            + " none; `einscale train` trains the model as it is");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (dryRun) {
            out.print(DryRun.table(experiment, options.machine(), experiment.settings().sweep().atOnce(),
                    ExperimentOptions.warnings(spec)));
            out.flush();
            return 0;
        }
        ExperimentRun.Completion report = (folder, runs) -> {
            out.print(new SweepReport(folder, runs).write());
            out.flush();
        };
        Optional<NodesOption.Lent> lent = nodes.lent(options.folder(experiment));
        if (lent.isEmpty()) {
            return options.run(spec, experiment, experiment.ladder(), Workplace.HERE, report);
        }
        if (!experiment.settings().shard().plan().isEmpty()) {
            throw new UserError("shard.plan: a file of this machine, which nodes do not have; expected mesh and rules");
        }
        try (NodesOption.Lent elsewhere = lent.get()) {
            return options.run(spec, experiment, experiment.ladder(),
                    trainings -> new NodeWorkers(elsewhere::leading, trainings, elsewhere.patience()), report);
        }
    }
}
