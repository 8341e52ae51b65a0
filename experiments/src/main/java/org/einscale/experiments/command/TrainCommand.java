package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.experiments.UserError;
import org.einscale.experiments.cluster.Nodes;
import org.einscale.experiments.cluster.OnLoss;
import org.einscale.experiments.cluster.Recipe;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.sweep.ExperimentRun;
import org.einscale.experiments.sweep.SweepReport;
import org.einscale.experiments.sweep.Workplace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(names = "--on-loss", paramLabel = "WHAT", defaultValue = "shrink", description = "When a node is lost: shrink (go on from the last checkpoint with the same devices on fewer nodes), wait (for as many cores as before) or stop. Default: ${DEFAULT-VALUE}.")
    private OnLoss onLoss = OnLoss.SHRINK;

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
        Optional<NodesOption.Lent> lent = nodes.lent(options.folder(experiment));
        if (lent.isEmpty()) {
            return options.run(spec, experiment, one, Workplace.HERE, tell);
        }
        if (!experiment.settings().splitting().split()) {
            throw new UserError(
                    "mesh has one device, which needs no nodes; expected several, for example -S mesh.data=2");
        }
        try (NodesOption.Lent elsewhere = lent.get()) {
            Nodes places = new Nodes(elsewhere::leading, onLoss, elsewhere.patience());
            return options.run(spec, experiment, one, Workplace.here(
                    prepared -> places.meshes(Recipe.of(experiment.resolved(), prepared))), tell);
        }
    }
}
