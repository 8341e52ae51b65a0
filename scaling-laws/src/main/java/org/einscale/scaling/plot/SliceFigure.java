package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Slices;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A law of several inputs, log-log: losses against one of them, and the law at some of the others measured, darker for larger ones. The
 * runs held out are drawn as the law predicts them without having seen them, with the interval for one measurement, and as measured.
 *
 * @param held the law fitted without them
 * @param label what the input that varies is, by its name
 * @param lossLabel what the losses are
 */
public record SliceFigure(HeldOut held, UnaryOperator<String> label, String lossLabel) implements Figure {

    private static final int CURVES = 6;
    private static final int CURVE_POINTS = 200;

    @Override
    public void paint(Graphics2D graphics) {
        List<Point> all = Stream.concat(held.fit().points().stream(), measured()).toList();
        Slices slices = Slices.of(held.fit().form(), all);
        String axis = slices.axis();
        Law law = held.fit().law();
        LogAxis x = LogAxis.around(label.apply(axis), all.stream().mapToDouble(point -> point.at(axis)), 0.08,
                LogAxis.Labels.COUNTS);
        Set<Point> off = OffAxis.of(all, point -> law.loss(point.at()));
        LogAxis y = LogAxis.around(lossLabel, DoubleStream.concat(
                all.stream().filter(point -> !off.contains(point)).mapToDouble(Point::loss),
                held.predictions().stream().mapToDouble(Prediction::predicted)), 0.08, LogAxis.Labels.DECIMALS);
        var chart = new LogLogChart(LogLogChart.elide(held.fit().form().text(), 80), x, y,
                Styler.LegendPosition.OutsideE);
        curves(chart, slices, x);
        points(chart, slices);
        heldOut(chart, axis);
        chart.paint(graphics);
    }

    private Stream<Point> measured() {
        return held.predictions().stream().map(one -> new Point(one.at(), one.measured()));
    }

    private static Color color(Slices slices, Point point) {
        return HistoryFigure.color(slices.indexOf(point), slices.others().size());
    }

    private void curves(LogLogChart chart, Slices slices, LogAxis x) {
        String before = LawLegend.narrow(held) + "\n \n";
        for (Point other : slices.spread(CURVES)) {
            List<Point> at = IntStream.range(0, CURVE_POINTS).mapToObj(i -> other.with(slices.axis(),
                    x.low() * Math.pow(x.high() / x.low(), i / (CURVE_POINTS - 1.0)))).toList();
            chart.line((before + Slices.text(other)).strip(),
                    at.stream().mapToDouble(point -> point.at(slices.axis())).toArray(),
                    held.fit().law().losses(at), new LogLogChart.LineLook(color(slices, other), 2.5f, false));
            before = "";
        }
    }

    private void points(LogLogChart chart, Slices slices) {
        Map<Color, List<Point>> byColor = held.fit().points().stream()
                .collect(Collectors.groupingBy(point -> color(slices, point), LinkedHashMap::new, Collectors.toList()));
        byColor.forEach((color, points) -> chart.points("", points.stream()
                .map(point -> new Point(point.at(slices.axis()), point.loss())).toList(), SeriesMarkers.CIRCLE, color));
    }

    private void heldOut(LogLogChart chart, String axis) {
        for (Prediction one : held.predictions()) {
            double at = one.at().getOrDefault(axis, Double.NaN);
            chart.line("", new double[]{at, at}, new double[]{one.interval().low(), one.interval().high()},
                    new LogLogChart.LineLook(CurveFigure.HELD_OUT, 3, false));
        }
        chart.points("held out: predicted", held.predictions().stream()
                .map(one -> new Point(one.at().getOrDefault(axis, Double.NaN), one.predicted())).toList(),
                SeriesMarkers.SQUARE, CurveFigure.HELD_OUT);
        chart.points(String.format(Locale.ROOT, "held out: measured\nmean error %.2f%% of %d\nlargest %.2f%%",
                100 * held.meanError(), held.predictions().size(), 100 * held.largestError()),
                measured().map(point -> new Point(point.at(axis), point.loss())).toList(), new OpenDiamond(),
                Color.BLACK);
    }
}
