package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.table.RunColumn;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The scaling curve, log-log: measured losses and, where a law could be fitted, the law with its band, the irreducible loss
 * where it lies near the losses, and the held-out size as predicted (with the interval for one measurement) and as measured. The axis
 * of losses suits the points: what lies far from them is cut off, or drawn as a triangle at the edge.
 *
 * @param points all points, the held-out size included
 * @param result the fit; empty where there are too few points for one
 * @param sizeLabel what the sizes are
 * @param lossLabel what the losses are
 */
public record CurveFigure(List<Point> points, Optional<HeldOut> result, String sizeLabel, String lossLabel)
        implements
            Figure {

    private static final int CURVE_POINTS = 400;
    private static final int BAND_POINTS = 60;

    // Okabe and Ito 2008: told apart with any kind of colour vision.
    private static final Color MEASURED = Color.BLACK;
    private static final Color LAW = new Color(0x00, 0x72, 0xb2);
    private static final Color BAND = new Color(0x00, 0x72, 0xb2, 45);
    static final Color HELD_OUT = new Color(0xd5, 0x5e, 0x00);
    private static final Color FLOOR = new Color(0x00, 0x9e, 0x73);

    /** The figure of a fit to losses in validation. */
    public CurveFigure(HeldOut result, String sizeLabel) {
        this(Stream.concat(result.fit().points().stream(),
                Stream.of(new Point(result.prediction().n(), result.prediction().measured()))).toList(),
                Optional.of(result), sizeLabel, RunColumn.VAL_LOSS.label());
    }

    /** @throws ScalingException where there is no point to draw */
    public CurveFigure {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new ScalingException("no point to draw");
        }
    }

    @Override
    public void paint(Graphics2D graphics) {
        Set<Point> off = OffAxis.of(points,
                point -> result.map(held -> held.fit().law().loss(point.n())).orElse(Double.NaN));
        LogAxis x = LogAxis.around(sizeLabel, points.stream().mapToDouble(Point::n), 0.08, LogAxis.Labels.COUNTS);
        LogAxis y = yAxis(off);
        var chart = new LogLogChart(LogLogChart.elide(lossLabel, 34) + " against " + LogLogChart.elide(sizeLabel, 42),
                x, y, Styler.LegendPosition.InsideNE);
        result.ifPresent(held -> law(chart, held, x));
        result.ifPresent(held -> floor(chart, held, x, y));
        measured(chart);
        result.ifPresent(held -> heldOut(chart, held));
        chart.legendWhereItCoversLeast();
        chart.paint(graphics);
    }

    /** Spans the losses; the interval and E may widen it, but not so far that the losses would lie flat. */
    private LogAxis yAxis(Set<Point> off) {
        var range = points.stream().filter(point -> !off.contains(point)).mapToDouble(Point::loss).summaryStatistics();
        double width = Math.max(Math.log(range.getMax() / range.getMin()), 0.02);
        double lowest = range.getMin() * Math.exp(-0.5 * width);
        double highest = range.getMax() * Math.exp(0.5 * width);
        DoubleStream around = result.stream().flatMapToDouble(held -> {
            double floor = held.fit().law().irreducible();
            // E may lie so far below the losses that showing it would flatten them all.
            boolean near = floor > 0 && Math.log(range.getMin() / floor) < 0.6 * width;
            return DoubleStream.of(held.prediction().predicted(), held.prediction().interval().low(),
                    held.prediction().interval().high()).map(loss -> Math.clamp(loss, lowest, highest))
                    .mapToObj(Double::valueOf)
                    .flatMapToDouble(loss -> near ? DoubleStream.of(loss, floor) : DoubleStream.of(loss));
        });
        return LogAxis.around(lossLabel, DoubleStream.concat(DoubleStream.of(range.getMin(), range.getMax()), around),
                0.08, LogAxis.Labels.DECIMALS);
    }

    private static void law(LogLogChart chart, HeldOut held, LogAxis x) {
        double[] sizes = sizes(x, CURVE_POINTS);
        double[] some = sizes(x, BAND_POINTS);
        Interval[] band = DoubleStream.of(some)
                .mapToObj(n -> held.intervals().loss(new Point(n, Double.NaN), held.level()))
                .toArray(Interval[]::new);
        chart.band(Math.round(100 * held.level()) + "% band of the law", some,
                Arrays.stream(band).mapToDouble(Interval::low).toArray(),
                Arrays.stream(band).mapToDouble(Interval::high).toArray(), BAND);
        chart.line(LawLegend.of(held), sizes, DoubleStream.of(sizes).map(n -> held.fit().law().loss(n)).toArray(),
                new LogLogChart.LineLook(LAW, 3, false));
    }

    private static double[] sizes(LogAxis x, int count) {
        return IntStream.range(0, count)
                .mapToDouble(i -> x.low() * Math.pow(x.high() / x.low(), i / (count - 1.0))).toArray();
    }

    private static void floor(LogLogChart chart, HeldOut held, LogAxis x, LogAxis y) {
        double floor = held.fit().law().irreducible();
        if (floor > y.low() && floor < y.high() && held.fit().determination().determines("E")) {
            chart.line("irreducible loss E", new double[]{x.low(), x.high()}, new double[]{floor, floor},
                    new LogLogChart.LineLook(FLOOR, 2.5f, true));
        }
    }

    private void measured(LogLogChart chart) {
        double held = result.map(fit -> fit.prediction().n()).orElse(Double.POSITIVE_INFINITY);
        String label = result.isPresent() ? "measured, used in the fit" : "measured";
        chart.points(label, points.stream().filter(point -> point.n() < held).toList(), SeriesMarkers.CIRCLE, MEASURED);
    }

    private static void heldOut(LogLogChart chart, HeldOut result) {
        Prediction held = result.prediction();
        chart.line("", new double[]{held.n(), held.n()}, new double[]{held.interval().low(), held.interval().high()},
                new LogLogChart.LineLook(HELD_OUT, 3, false));
        chart.points("held out: predicted " + Figures.of(held.predicted()) + "  " + held.interval().text(),
                List.of(new Point(held.n(), held.predicted())), SeriesMarkers.SQUARE, HELD_OUT);
        chart.points("held out: measured " + Figures.of(held.measured()) + "  (error " + held.errorText() + ")",
                List.of(new Point(held.n(), held.measured())), new OpenDiamond(), MEASURED);
    }
}
