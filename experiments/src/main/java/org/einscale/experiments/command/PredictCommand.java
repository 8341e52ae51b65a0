package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.UserError;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.frontier.Optimum;
import org.einscale.scaling.law.Inputs;
import org.einscale.tensor.Decimal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale predict}: what a law fitted to a table says of scales and budgets that were not measured. */
@Command(name = "predict", description = {
    "Predict losses from a table, and the best size for a budget, with intervals.",
    "",
    "The law is fitted as in `einscale fit`. Its error for the largest runs, when they are held out, is printed with"
            + " what it predicts."}, footer = {
                "  einscale predict runs/quickstart --at n=1e7",
                "  einscale predict mine.csv --law chinchilla --c flops --at n=1e9,d=2e10 --budget 1e21"})
public final class PredictCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--at", paramLabel = "INPUT=VALUE,...", description = "A scale: a value for each input of the law. May be repeated.")
    private List<String> scales = new ArrayList<>();

    @Option(names = "--budget", paramLabel = "FLOPS", description = "A budget C = 6 N D, for which the best N and D are sought. May be repeated.")
    private List<Double> budgets = new ArrayList<>();

    @Override
    public Integer call() {
        if (scales.isEmpty() && budgets.isEmpty()) {
            throw new UserError(
                    "nothing to predict: expected --at, as in --at n=1e9, or --budget, as in --budget 1e21");
        }
        List<Point> points = scales.stream().map(this::scale).toList();
        Study study = table.study(table.points());
        PrintWriter out = spec.commandLine().getOut();
        out.println(study.fit().form().text() + "   fitted to " + study.fit().points().size() + " points");
        out.println(study.fit().law().equation());
        study.conventions()
                .forEach((input, convention) -> out.println("  " + Inputs.symbol(input) + ": " + convention));
        points.forEach(point -> loss(out, study, point));
        budgets.forEach(budget -> best(out, study, budget));
        out.printf(Locale.ROOT, "%n  largest runs held out: mean error %.2f%%, largest %.2f%% of %d%n",
                100 * study.held().meanError(), 100 * study.held().largestError(), study.held().predictions().size());
        study.weaknesses().forEach(weakness -> out.println("  weak: " + weakness));
        out.flush();
        if (!study.fit().converged()) {
            throw new RunFailed("the fit has not converged: " + study.fit().determination().problem());
        }
        return 0;
    }

    private Point scale(String text) {
        var at = new LinkedHashMap<String, Double>();
        for (String part : text.split(",")) {
            String[] sides = part.split("=", 2);
            double value = sides.length < 2 ? Double.NaN : Decimal.of(sides[1].strip()).orElse(Double.NaN);
            if (!(value >= 0)) {
                throw new UserError(
                        "--at " + text + ": expected a value for each input, as in n=1e9,d=2e10; found '" + part
                                + "'");
            }
            at.put(sides[0].strip(), value);
        }
        List<String> inputs = table.form().formula().inputs();
        if (!at.keySet().equals(Set.copyOf(inputs))) {
            throw new UserError("--at " + text + ": the law takes " + String.join(", ", inputs) + "; found "
                    + String.join(", ", at.keySet()));
        }
        return new Point(at, Double.NaN);
    }

    private static void loss(PrintWriter out, Study study, Point point) {
        Interval law = study.intervals().loss(point, Study.LEVEL);
        Interval run = study.intervals().measurement(point, Study.LEVEL);
        String scale = study.fit().form().formula().inputs().stream()
                .map(input -> Inputs.symbol(input) + " = " + Figures.count(point.at(input)))
                .collect(Collectors.joining(", "));
        out.printf(Locale.ROOT, "%n  %s%n    loss        %10s   95%% interval of the law %s, of a run %s%n", scale,
                Figures.of(study.fit().law().loss(point.at())), law.text(), run.text());
    }

    private static void best(PrintWriter out, Study study, double budget) {
        Optimum.Range range = Optimum.of(study.bootstrap(), budget, Study.LEVEL);
        Optimum best = range.best();
        out.printf(Locale.ROOT, "%n  budget C = %s FLOP, 6 N D%n", Figures.of(budget));
        Map<String, Object[]> lines = new LinkedHashMap<>();
        lines.put("N", new Object[]{Figures.count(best.n()), counts(range.n())});
        lines.put("D", new Object[]{Figures.count(best.d()), counts(range.d())});
        lines.put("loss", new Object[]{Figures.of(best.loss()), range.loss().text()});
        lines.forEach((name, cells) -> out.printf(Locale.ROOT, "    %-10s  %10s   95%% interval (bootstrap) %s%n", name,
                cells[0], cells[1]));
        out.printf(Locale.ROOT, "    %-10s  %10s%n", "D / N", Figures.of(best.tokensPerParameter()));
    }

    private static String counts(Interval interval) {
        return "[" + Figures.count(interval.low()) + ", " + Figures.count(interval.high()) + "]";
    }
}
