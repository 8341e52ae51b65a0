package org.einscale.experiments.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.law.Inputs;
import org.einscale.scaling.plot.CurveFigure;
import org.einscale.scaling.plot.Figure;
import org.einscale.scaling.plot.Format;
import org.einscale.scaling.plot.SliceFigure;
import org.einscale.scaling.table.CsvPoints;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code einscale plot}: draws the points of a table with the law fitted to them. */
@Command(name = "plot", description = {
    "Draw sizes and losses of a table with the law fitted to them, as PNG, SVG or JPEG.", "",
    "Both axes are logarithmic. The largest size is held out and marked, as in `einscale fit`. A law of several inputs is"
            + " drawn along the size, a curve for each of some values of the others."}, footer = {
                "  einscale plot runs/quickstart -o curve.png",
                "  einscale plot runs/size-by-data --law chinchilla -o law.svg",
                "  einscale plot mine.csv --n parameters --loss test_loss -o mine.png"})
public final class PlotCommand implements Callable<Integer> {
    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.png", required = true, description = "Where the figure goes; the name ends in .png, .svg or .jpg.")
    private Path output = Path.of("");

    @Override
    public Integer call() {
        Format.of(output);
        CsvPoints points = table.points();
        figure(points).write(output);
        return 0;
    }

    private Figure figure(CsvPoints points) {
        return table.form().isOfSizeAlone()
                ? new CurveFigure(points.points(), law(points), points.sizeLabel(), points.lossLabel())
                : new SliceFigure(checked(table.heldOut(points)),
                        input -> input.equals("n") ? points.sizeLabel() : Inputs.name(input), points.lossLabel());
    }

    private HeldOut checked(HeldOut held) {
        if (!held.fit().converged()) {
            table.tell("the fit has not converged: " + held.fit().determination().problem());
        }
        return held;
    }

    /** The law where there are enough points for one; what is to be known about it is said on standard error. */
    private Optional<HeldOut> law(CsvPoints points) {
        try {
            return Optional.of(checked(table.heldOut(points)));
        } catch (ScalingException tooFew) {
            table.tell("no law drawn: " + tooFew.getMessage());
            return Optional.empty();
        }
    }
}
