package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.explain.StepExplanation;
import org.einscale.experiments.explain.StepReport;
import org.einscale.experiments.explain.StepTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale explain}: shows a training step as a program, and what becomes of it on the way to a plan. */
@Command(name = "explain", footer = {"  einscale explain mine.conf",
    "  einscale explain mine.conf --layer block.0.attention --after pairwise",
    "  einscale explain experiments/configs/quickstart.conf --layer mlp --after plan",
    "  einscale explain -S model.layers=1 --json"})
public final class ExplainCommand implements Callable<Integer> {
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "CONFIG", arity = "0..1", description = "The experiment's file, in HOCON; its model is the one that `einscale train` trains. Default: all settings as in reference.conf.")
    private @Nullable Path file;

    @Option(names = "-S", paramLabel = "PATH=VALUE", description = "Override a setting, for example -S training.batch=16. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--after", paramLabel = "PASS", description = "Show the program after this pass. Default: the last.")
    private String after = StepExplanation.lastPass();

    @Option(names = "--layer", paramLabel = "NAME", defaultValue = "", description = "Only what makes values of this layer, their gradients and updates: attention, block.0 or block.0.attention, for example.")
    private String layer = "";

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Mixin
    private MachineOption machine = new MachineOption();

    /** Takes the passes into the help. */
    @Spec
    void setSpec(CommandSpec spec) {
        this.spec = spec;
        List<String> description = new ArrayList<>(List.of(
                "Show the program of a training step, and what becomes of it.",
                "",
                "Forward, gradient and update of the model are one program. Passes make it over, one after the other, and"
                        + " a plan turns its statements into calls of kernels. A line shows FLOPs, bytes read and written,"
                        + " and the shape of the result. Every tensor counts once a line; values in registers do not. Some"
                        + " calls of a plan, of rows above all, are not counted: they show -.",
                "", "What --after can be, in order:"));
        StepExplanation.stages().forEach((name, does) -> description.add("  %-14s%s".formatted(name, does)));
        spec.usageMessage().description(description.toArray(String[]::new));
    }

    @Override
    public Integer call() {
        Experiment experiment = file == null
                ? ExperimentFile.defaults(overrides)
                : ExperimentFile.read(file, overrides);
        StepReport report = StepExplanation.of(experiment, after, layer, machine::profile);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.text(report) : new StepTable(report).toString());
        out.flush();
        return 0;
    }
}
