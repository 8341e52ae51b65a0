package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.sweep.WidthComparison;
import org.einscale.scaling.plot.CoordinateFigure;
import org.einscale.scaling.table.CoordinateTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale coordinate-check}: whether activations of a model change as much whatever its width. */
@Command(name = "coordinate-check", description = {
    "Train a model for some steps at several widths and see which activations change more in wider ones.",
    "",
    "Where the change of none grows with the width, a learning rate found at one width holds at others; model.parametrization"
            + " { kind = mup } is made for that. The peak rate is used from the first step on. A model that is not standard is"
            + " trained with kind = standard too, for comparison. Axes of base-axes grow with the width.",
    "",
    "The results of all layers and einsums, by the power of the width that they go by, are printed; coordinates.csv has all steps,"
            + " coordinates.png and .svg draw the logits and what grows most."}, footer = {
                "  einscale coordinate-check experiments/configs/mup.conf",
                "  einscale coordinate-check mine.conf --widths 64,128,256 --steps 10 -S training.learning-rate=0.003"})
public final class CoordinateCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "CONFIG", description = "The experiment's file, in HOCON.")
    private Path file = Path.of("");

    @Option(names = "-S", paramLabel = "PATH=VALUE", description = "Override a setting, for example -S training.batch=16. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--widths", paramLabel = "N", split = ",", defaultValue = "32,64,128,256", description = "Sizes of the axis d, two or more. Default: ${DEFAULT-VALUE}.")
    private List<Integer> widths = new ArrayList<>();

    @Option(names = "--steps", paramLabel = "N", defaultValue = "4", description = "Steps of each training. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "Where table and figures go. Default: runs/ and the name of CONFIG.")
    private @Nullable Path output;

    @Mixin
    private MachineOption machine = new MachineOption();

    @Override
    public Integer call() {
        List<Integer> sorted = widths.stream().distinct().sorted().toList();
        if (sorted.size() < 2 || sorted.getFirst() < 1) {
            throw new UserError(
                    "--widths " + widths + ": expected two or more different sizes of d, such as 32,64,128");
        }
        if (steps < 1) {
            throw new UserError("--steps " + steps + ": expected 1 or more");
        }
        Experiment experiment = ExperimentFile.read(file, overrides);
        Path folder = folder(experiment);
        WidthComparison comparison = WidthComparison.of(experiment.alone(), sorted, steps, machine.profile());
        PrintWriter out = spec.commandLine().getOut();
        out.print(comparison);
        CoordinateTable.write(folder.resolve("coordinates.csv"), comparison.rows());
        CoordinateFigure figure = new CoordinateFigure(comparison.checks());
        List.of("coordinates.png", "coordinates.svg").forEach(name -> figure.write(folder.resolve(name)));
        out.println("all steps: " + folder.resolve("coordinates.csv") + ", drawn: coordinates.png and .svg beside it");
        out.flush();
        return 0;
    }

    private Path folder(Experiment experiment) {
        Path folder = output == null ? Path.of("runs", experiment.name()) : output;
        try {
            return Files.createDirectories(folder);
        } catch (IOException refused) {
            throw new RunFailed(folder + ": cannot be made a folder: " + refused.getMessage(), refused);
        }
    }
}
