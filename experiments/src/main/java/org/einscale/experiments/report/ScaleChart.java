package org.einscale.experiments.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.fit.Study;
import org.einscale.scaling.law.Inputs;
import org.einscale.scaling.law.Slices;
import org.einscale.scaling.table.Run;

/**
 * Losses of trials that have finished against size, tokens and compute, with the law where there is one.
 *
 * @param runs trials, of which those that failed are not drawn
 * @param study the law fitted to them
 */
record ScaleChart(List<Run> runs, Optional<Study> study) {
    private static final List<String> AXES = List.of("n", "d", "c", "u");
    private static final int CURVES = 6;
    private static final int STEPS = 48;
    /** Intervals cost a fit each: as many for one curve as for several. */
    private static final int INTERVALS = 24;
    private static final double MARGIN = 0.08;
    private static final double NEAR = 0.6;

    /** The chart, or nothing where all trials are of one scale. */
    Optional<Chart> chart() {
        List<Point> points = points();
        List<Chart.View> views = axes(points).stream().map(axis -> view(axis, points)).toList();
        return views.isEmpty()
                ? Optional.empty()
                : Optional.of(new Chart("scale", "Loss against scale", description(points), views));
    }

    private String description(List<Point> points) {
        return "Validation loss of " + points.size() + " trials"
                + study.map(fit -> " with the fitted law " + fit.fit().law().equation()).orElse("")
                + ". All values are in the table of trials.";
    }

    private List<Point> points() {
        return study.map(fit -> fit.fit().points()).orElseGet(() -> runs.stream()
                .filter(run -> run.status() == Run.Status.FINISHED).map(ScaleChart::point).toList());
    }

    private static Point point(Run run) {
        return new Point(Map.of("n", (double) run.n(), "d", (double) run.tokens(), "c", run.flopsProgram(), "u",
                (double) run.uniqueTokens()), run.valLoss());
    }

    private Set<String> inputs() {
        return study.<Set<String>>map(fit -> new LinkedHashSet<>(fit.fit().form().formula().inputs()))
                .orElse(Set.of());
    }

    /** Inputs that points differ in, those of the law first. */
    private List<String> axes(List<Point> points) {
        return Stream.concat(inputs().stream(), AXES.stream()).distinct()
                .filter(axis -> points.stream().mapToDouble(point -> point.at(axis)).filter(at -> at > 0).distinct()
                        .count() > 1)
                .toList();
    }

    private Chart.View view(String axis, List<Point> points) {
        List<Chart.Series> series = new ArrayList<>();
        study.ifPresent(fit -> series.addAll(inputs().contains(axis) ? curves(fit, axis) : fitted(fit, axis)));
        series.addAll(measured(axis, points));
        study.ifPresent(fit -> series.add(predicted(fit, axis)));
        return new Chart.View(Inputs.symbol(axis), label(axis) + convention(axis), "validation loss (nats/token)",
                series);
    }

    /** What was counted, as a size and compute may be counted in several ways. */
    private String convention(String axis) {
        return study.map(fit -> fit.conventions().getOrDefault(axis, "")).filter(text -> !text.isEmpty())
                .map(text -> ": " + text).orElse("");
    }

    private static String label(String axis) {
        return switch (axis) {
            case "n" -> "size N (parameters)";
            case "d" -> "training tokens D";
            case "c" -> "training compute C (FLOP)";
            case "u" -> "unique training tokens U";
            default -> Inputs.name(axis);
        };
    }

    /** The law along an axis, at scales of the other inputs that were measured. */
    private static List<Chart.Series> curves(Study fit, String axis) {
        Slices slices = slices(fit, axis);
        List<Point> shown = slices.spread(CURVES);
        List<Chart.Series> series = new ArrayList<>();
        for (Point other : shown) {
            String name = "law" + (other.at().isEmpty() ? "" : " at " + scale(other.at()));
            double place = other.at().isEmpty()
                    ? Chart.Series.LAW
                    : Chart.place(slices.others().indexOf(other), slices.others().size());
            series.add(new Chart.Series(name, Chart.Look.LINE, place, false,
                    curve(fit, axis, other, STEPS * shown.size() / INTERVALS)));
        }
        floor(fit, axis).ifPresent(series::add);
        return series;
    }

    /** @param every steps from one interval to the next */
    private static List<Chart.Mark> curve(Study fit, String axis, Point other, int every) {
        var range = fit.fit().points().stream().mapToDouble(point -> point.at(axis)).filter(at -> at > 0)
                .summaryStatistics();
        double margin = Math.pow(range.getMax() / range.getMin(), MARGIN);
        double low = range.getMin() / margin;
        double ratio = range.getMax() * margin / low;
        List<Point> at = IntStream.rangeClosed(0, STEPS)
                .mapToObj(i -> other.with(axis, low * Math.pow(ratio, i / (double) STEPS))).toList();
        double[] losses = fit.fit().law().losses(at);
        return IntStream.rangeClosed(0, STEPS).mapToObj(i -> {
            Interval interval = fit.fit().converged() && (i % every == 0 || i == STEPS)
                    ? fit.intervals().loss(at.get(i), Study.LEVEL)
                    : new Interval(Double.NaN, Double.NaN);
            return new Chart.Mark(at.get(i).at(axis), losses[i], interval.low(), interval.high(), Double.NaN, "");
        }).toList();
    }

    private static Slices slices(Study fit, String axis) {
        return Slices.of(fit.fit().form(), fit.fit().points(), axis);
    }

    private static Optional<Chart.Series> floor(Study fit, String axis) {
        double floor = fit.fit().law().irreducible();
        var losses = fit.fit().points().stream().mapToDouble(Point::loss).summaryStatistics();
        boolean near = floor > 0
                && Math.log(losses.getMin() / floor) < NEAR * Math.log(losses.getMax() / losses.getMin());
        boolean open = fit.fit().form().formula().floors().stream()
                .anyMatch(name -> !fit.fit().determination().determines(name));
        if (!near || open) {
            return Optional.empty();
        }
        var range = fit.fit().points().stream().mapToDouble(point -> point.at(axis)).summaryStatistics();
        return Optional.of(new Chart.Series("irreducible loss", Chart.Look.DASHED, Chart.Series.LAW, true,
                DoubleStream.of(range.getMin(), range.getMax()).mapToObj(at -> Chart.Mark.of(at, floor, "")).toList()));
    }

    /** The law at each point, for an axis that it does not know. */
    private static List<Chart.Series> fitted(Study fit, String axis) {
        double[] losses = fit.fit().law().losses(fit.fit().points());
        List<Chart.Mark> marks = IntStream.range(0, losses.length).mapToObj(i -> {
            Point point = fit.fit().points().get(i);
            return Chart.Mark.of(point.at(axis), losses[i], scale(point.at()));
        }).filter(Chart.Mark::isDrawn).toList();
        return List.of(new Chart.Series("law at each trial", Chart.Look.OPEN, Chart.Series.LAW, false, marks));
    }

    private List<Chart.Series> measured(String axis, List<Point> points) {
        Set<Map<String, Double>> held = study
                .map(fit -> fit.held().predictions().stream().map(Prediction::at).collect(Collectors.toSet()))
                .orElse(Set.of());
        Map<Boolean, List<Point>> parts = points.stream()
                .collect(Collectors.partitioningBy(point -> held.contains(point.at())));
        Slices slices = study.filter(_ -> inputs().contains(axis)).map(fit -> slices(fit, axis))
                .orElse(new Slices(axis, List.of()));
        return Stream.of(false, true).filter(part -> !Objects.requireNonNull(parts.get(part)).isEmpty())
                .map(part -> new Chart.Series(part ? "measured, the largest" : "measured", Chart.Look.POINTS,
                        part ? Chart.Series.HELD_OUT : Chart.Series.MEASURED, true,
                        Objects.requireNonNull(parts.get(part)).stream()
                                .map(point -> mark(axis, point, slices, part)).filter(Chart.Mark::isDrawn).toList()))
                .toList();
    }

    private Chart.Mark mark(String axis, Point point, Slices slices, boolean held) {
        int curves = slices.others().size();
        double place = curves < 2 || held ? Double.NaN : Chart.place(slices.indexOf(point), curves);
        String name = runs.stream().filter(run -> run.valLoss() == point.loss()).findFirst().map(run -> run.trial()
                + ": ").orElse("");
        return new Chart.Mark(point.at(axis), point.loss(), Double.NaN, Double.NaN, place, name + scale(point.at()));
    }

    private static Chart.Series predicted(Study fit, String axis) {
        return new Chart.Series("predicted without the largest", Chart.Look.OPEN, Chart.Series.HELD_OUT, true,
                fit.held().predictions().stream()
                        .map(one -> new Chart.Mark(one.at().getOrDefault(axis, Double.NaN), one.predicted(),
                                one.interval().low(), one.interval().high(), Double.NaN,
                                scale(one.at()) + ", error " + one.errorText()))
                        .filter(Chart.Mark::isDrawn).toList());
    }

    /** A scale as people read it. */
    private static String scale(Map<String, Double> at) {
        Map<String, Double> rest = new HashMap<>(at);
        return Stream.concat(AXES.stream(), at.keySet().stream().filter(input -> !AXES.contains(input)).sorted())
                .filter(input -> rest.containsKey(input))
                .map(input -> Inputs.symbol(input) + " = " + Figures.count(at.getOrDefault(input, Double.NaN)))
                .collect(Collectors.joining(", "));
    }
}
