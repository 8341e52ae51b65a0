package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.frontier.Frontier;
import org.einscale.scaling.frontier.FrontierReport;
import org.einscale.scaling.plot.Format;
import org.einscale.scaling.plot.FrontierFigure;
import org.einscale.scaling.table.CsvPoints;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale frontier}: how the best size grows with compute, by three approaches. */
@Command(name = "frontier", description = {
    "Show how the best size grows with compute, N = G C^a, by the three approaches of Hoffmann et al. 2022 side by side:"
            + " the envelope of training curves, where these are known, and the best run of each budget; a parabola through the"
            + " runs of each budget; and a law of N and D.",
    "", "The bias of the first two is what they find amiss on losses of the law at the scales measured."}, footer = {
        "  einscale frontier runs/size-by-data --law chinchilla -o frontier.png",
        "  einscale frontier mine.csv --law chinchilla --c flops --budget 1e23",
        "  einscale frontier mine.csv --law chinchilla --d tokens --curves evaluations.csv --group run"})
public final class FrontierCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--budget", paramLabel = "FLOPS", description = "A budget for which the best size is shown. Default: ten times the most compute of a run.")
    private @Nullable Double budget;

    @Option(names = "--curves", paramLabel = "FILE.csv", description = "A table of losses in the course of training, with the same columns for tokens and losses and the column of --group for the runs, which both tables then have. Default: that of a run's folder.")
    private @Nullable Path curves;

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.png", description = "Draw the frontier too; the name ends in .png, .svg or .jpg.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        Optional.ofNullable(output).ifPresent(Format::of);
        CsvPoints points = table.points();
        Study study = table.study(points);
        Frontier frontier = Frontier.of(points.points(), table.envelope(Optional.ofNullable(curves)),
                study.bootstrap());
        double shown = Optional.ofNullable(budget).orElseGet(() -> frontier.tenfold());
        PrintWriter out = spec.commandLine().getOut();
        out.print(new FrontierReport(study, frontier, shown).table());
        out.flush();
        Optional.ofNullable(output).ifPresent(new FrontierFigure(frontier, shown)::write);
        return 0;
    }
}
