package org.einscale.experiments.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.einscale.scaling.plot.CurveFigure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code einscale plot}: draws the points of a table with the law fitted to them. */
@Command(name = "plot", description = {"Draw sizes and losses of a table with the law fitted to them, as PNG.", "",
    "Both axes are logarithmic. The largest size is held out and marked, as in `einscale fit`."}, footer = {
        "  einscale plot runs/quickstart -o curve.png",
        "  einscale plot mine.csv --n parameters --loss test_loss -o mine.png"})
public final class PlotCommand implements Callable<Integer> {
    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.png", required = true, description = "Where the figure goes.")
    private Path output = Path.of("");

    @Override
    public Integer call() {
        new CurveFigure(table.fit()).write(output);
        return 0;
    }
}
