package org.einscale.experiments.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.fit.Fit;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.law.Inputs;

/**
 * What a page says of the law.
 *
 * @param fit the law, or why there is none
 */
record LawSection(SweepFit fit) {
    private static final int MOST = 20;

    String html() {
        return fit.study().map(LawSection::html).orElseGet(() -> Html.paragraph("No law fitted: " + fit.problem()));
    }

    /** What is weak in the law, a sentence each. */
    static List<String> warnings(SweepFit fit) {
        return fit.study().stream().flatMap(study -> Stream.concat(
                study.weaknesses().stream().map(weakness -> "law: " + weakness),
                study.held().fit().converged()
                        ? Stream.empty()
                        : Stream.of("law without the largest: not converged: "
                                + study.held().fit().determination().problem())))
                .toList();
    }

    private static String html(Study study) {
        Fit fit = study.fit();
        long percent = Math.round(100 * Study.LEVEL);
        String inputs = study.lawConventions().entrySet().stream()
                .map(entry -> Inputs.symbol(entry.getKey()) + ": " + entry.getValue()).sorted()
                .collect(Collectors.joining("; "));
        return "<p class=\"equation\">" + Html.text(fit.law().equation()) + "</p>"
                + Html.paragraph(String.format(Locale.ROOT,
                        "%s, fitted to %d points%s. Sum of Huber losses of log residuals %s, reached from %d of %d"
                                + " starts; R² %s; %d bootstrap replicates, seed %d.",
                        fit.form().text(), fit.points().size(), inputs.isEmpty() ? "" : "; " + inputs,
                        Figures.of(fit.objective()), fit.reached(), fit.starts(),
                        Double.isNaN(fit.rSquared()) ? "unknown" : String.format(Locale.ROOT, "%.5f", fit.rSquared()),
                        study.bootstrap().laws().size(), study.bootstrap().seed()))
                + Html.table("Parameters of the law",
                        List.of(Html.Column.text("parameter"), Html.Column.numbers("value"),
                                new Html.Column(percent + "% interval", study.intervals().method(), "", true)),
                        fit.law().parameters().entrySet().stream()
                                .map(entry -> List.of(Html.Cell.of(entry.getKey()),
                                        new Html.Cell(fit.law().text(entry.getKey()),
                                                Double.toString(entry.getValue())),
                                        Html.Cell.of(study.intervalText(entry.getKey()))))
                                .toList())
                + heldOut(study.held(), percent);
    }

    private static String heldOut(HeldOut held, long percent) {
        List<Prediction> shown = held.predictions().reversed().stream().limit(MOST).toList();
        return Html.table("The largest, predicted by the law without them",
                List.of(Html.Column.text("scale"), new Html.Column("predicted", "nats/token", "", true),
                        new Html.Column(percent + "% interval", "of one measurement", "", true),
                        new Html.Column("measured", "nats/token", "", true), Html.Column.numbers("error")),
                shown.stream().map(one -> List.of(Html.Cell.of(scale(held, one)),
                        new Html.Cell(Figures.of(one.predicted()), Double.toString(one.predicted())),
                        Html.Cell.of(one.interval().text()),
                        new Html.Cell(Figures.of(one.measured()), Double.toString(one.measured())),
                        Html.Cell.of(one.errorText()))).toList())
                + (held.predictions().size() == 1
                        ? ""
                        : Html.paragraph(String.format(Locale.ROOT,
                                "%d scales held out: mean error %.2f%%, largest %.2f%%.", held.predictions().size(),
                                100 * held.meanError(), 100 * held.largestError())));
    }

    private static String scale(HeldOut held, Prediction one) {
        return held.fit().form().formula().inputs().stream()
                .map(input -> Inputs.symbol(input) + " = "
                        + Figures.count(one.at().getOrDefault(input, Double.NaN)))
                .collect(Collectors.joining(", "));
    }
}
