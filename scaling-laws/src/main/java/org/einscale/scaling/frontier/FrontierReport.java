package org.einscale.scaling.frontier;

import java.util.Locale;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.law.Inputs;

/**
 * The three approaches side by side, for people.
 *
 * @param study the law of the third, fitted to the runs
 * @param frontier what they find
 * @param budget FLOPs for which the best size is shown
 */
public record FrontierReport(Study study, Frontier frontier, double budget) {

    /** The table, lines ended by a newline. */
    public String table() {
        var text = new StringBuilder();
        line(text,
                "best size N = G C^a of %d runs with %d budgets and %d training curves; D = C / (6 N) grows as C^(1 - a)",
                study.fit().points().size(), frontier.budgets(), frontier.curves());
        study.conventions().forEach((input, convention) -> line(text, "  %s: %s", Inputs.symbol(input), convention));
        if (study.conventions().containsKey("c")) {
            line(text, "  C of approach 3: 6 N D");
        }
        line(text, "");
        line(text, "  %-38s %8s   %-18s %8s   N at C = %s", "approach", "a", "95% interval", "bias",
                Figures.of(budget));
        frontier.envelope().ifPresentOrElse(way -> line(text, "1 envelope of training curves", way),
                () -> line(text, "  1 envelope of training curves: they enclose fewer than two best sizes"));
        frontier.lowest().ifPresent(way -> line(text, "1 best run of each budget", way));
        frontier.parabola().ifPresentOrElse(way -> line(text, "2 parabola of each budget", way),
                () -> line(text, "  2 parabola of each budget: fewer than two budgets of 4 runs or more have a minimum"
                        + " among their sizes"));
        line(text, "3 " + study.fit().form().text(), frontier.law());
        frontier.envelope().filter(Frontier.Way::biased).ifPresent(way -> biased(text, "envelopes of curves", way));
        frontier.parabola().filter(Frontier.Way::biased).ifPresent(way -> biased(text, "parabolas", way));
        study.weaknesses().forEach(weakness -> line(text, "  weak: %s", weakness));
        return text.toString();
    }

    private static void biased(StringBuilder text, String what, Frontier.Way way) {
        line(text, "");
        line(text,
                "  biased: %s of these sizes are off by %+.3f in a even without noise; trust 3, or try sizes closer to"
                        + " the best",
                what, way.bias());
    }

    private void line(StringBuilder text, String name, Frontier.Way way) {
        Interval exponent = way.exponent();
        line(text, "  %-38s %8.4f   %-18s %+8.4f   %s", name, way.growth().exponent(),
                String.format(Locale.ROOT, "[%.4f, %.4f]", exponent.low(), exponent.high()), way.bias(),
                Figures.count(way.growth().n(budget)));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
