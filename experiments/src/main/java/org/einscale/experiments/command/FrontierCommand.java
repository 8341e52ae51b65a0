package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.einscale.scaling.Figures;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.frontier.Frontier;
import org.einscale.scaling.law.Inputs;
import org.einscale.scaling.table.CsvPoints;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale frontier}: how the best size grows with compute, by three approaches. */
@Command(name = "frontier", description = {
    "Show how the best size grows with compute, N = G C^a, by the three approaches of Hoffmann et al. 2022 side by side:"
            + " the best run of each budget, a parabola through the runs of each budget, and a law of N and D.",
    "", "The bias of the first two is what they find amiss on losses of the law at the scales measured."}, footer = {
        "  einscale frontier mine.csv --law chinchilla --c flops --budget 1e23"})
public final class FrontierCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--budget", paramLabel = "FLOPS", defaultValue = "1e23", description = "A budget for which the best size is shown. Default: ${DEFAULT-VALUE}.")
    private double budget;

    @Override
    public Integer call() {
        CsvPoints points = table.points();
        Study study = table.study(points);
        Frontier frontier = Frontier.of(points.points(), study.bootstrap());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "best size N = G C^a of %d runs with %d budgets; D = C / (6 N) grows as C^(1 - a)%n",
                points.points().size(), frontier.budgets());
        study.conventions()
                .forEach((input, convention) -> out.println("  " + Inputs.symbol(input) + ": " + convention));
        out.printf(Locale.ROOT, "%n  %-34s %8s   %-18s %8s   N at C = %s%n", "approach", "a", "95% interval", "bias",
                Figures.of(budget));
        line(out, "1 best run of each budget", frontier.lowest());
        frontier.parabola().ifPresentOrElse(way -> line(out, "2 parabola of each budget", way),
                () -> out.println("  2 parabola of each budget: fewer than two have a minimum among their sizes"));
        line(out, "3 " + study.fit().form().text(), frontier.law());
        frontier.parabola().filter(Frontier.Way::biased).ifPresent(way -> out.printf(Locale.ROOT,
                "%n  biased: parabolas through these sizes are off by %+.3f in a even without noise; trust 3, or try sizes"
                        + " closer to the best%n",
                way.bias()));
        study.weaknesses().forEach(weakness -> out.println("  weak: " + weakness));
        out.flush();
        return 0;
    }

    private void line(PrintWriter out, String name, Frontier.Way way) {
        out.printf(Locale.ROOT, "  %-34s %8.4f   %-18s %+8.4f   %s%n", name, way.growth().exponent(),
                String.format(Locale.ROOT, "[%.4f, %.4f]", way.exponent().low(), way.exponent().high()), way.bias(),
                Figures.count(way.growth().n(budget)));
    }
}
