package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.sweep.ExperimentRun;
import org.einscale.experiments.sweep.SweepReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code einscale train}: trains one model. A ladder of one rung, so that all else is as in a sweep. */
@Command(name = "train", description = {"Train the one model that an experiment's file describes; its sweep.sizes are"
        + " ignored.",
    "", "A training that was interrupted goes on from its last checkpoint when the same command is"
            + " given again."}, footer = {"  einscale train mine.conf",
                "  einscale train experiments/configs/quickstart.conf"
                        + " -S model.axes.d=128 -S training.steps=500 -o runs/d128",
                "  einscale train mine.conf -S mesh.data=2 --local-nodes 2"})
public final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ExperimentOptions options = new ExperimentOptions();

    @Mixin
    private NodesOption nodes = new NodesOption();

    @Override
    public Integer call() {
        Experiment experiment = options.read();
        PrintWriter out = spec.commandLine().getOut();
        List<Rung> one = List.of(experiment.alone());
        ExperimentRun.Completion tell = (folder, runs) -> {
            out.print(SweepReport.table(runs));
            out.println("everything is in " + folder.path());
            out.flush();
        };
        Optional<NodesOption.Lent> lent = nodes.lent(experiment, options.folder(experiment));
        if (lent.isEmpty()) {
            return options.run(spec, experiment, one, tell);
        }
        try (NodesOption.Lent elsewhere = lent.get()) {
            return options.run(spec, experiment, one, elsewhere, tell);
        }
    }
}
