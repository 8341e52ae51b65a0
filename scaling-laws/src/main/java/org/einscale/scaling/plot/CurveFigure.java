package org.einscale.scaling.plot;

import java.awt.Color;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.PowerLaw;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.fit.HeldOut;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The scaling curve, log-log: measured losses, the fitted law with the bootstrap band of the law, the irreducible loss where it lies near
 * the losses, and the held-out size as predicted (with the interval for one measurement) and as measured.
 *
 * @param result the fit
 */
public record CurveFigure(HeldOut<PowerLaw> result) implements Figure {

    private static final int CURVE_POINTS = 160;

    // Okabe and Ito 2008: told apart with any kind of colour vision.
    private static final Color MEASURED = Color.BLACK;
    private static final Color LAW = new Color(0x00, 0x72, 0xb2);
    private static final Color BAND = new Color(0x00, 0x72, 0xb2, 45);
    private static final Color HELD_OUT = new Color(0xd5, 0x5e, 0x00);
    private static final Color FLOOR = new Color(0x00, 0x9e, 0x73);

    @Override
    public byte[] png() {
        LogAxis x = xAxis();
        LogAxis y = yAxis();
        var chart = new LogLogChart("Validation loss against model size", x, y, Styler.LegendPosition.InsideNE);
        law(chart, x);
        floor(chart, x, y);
        measured(chart);
        heldOut(chart);
        return chart.png();
    }

    private LogAxis xAxis() {
        DoubleStream sizes = DoubleStream.concat(fitted(Point::n), DoubleStream.of(result.prediction().n()));
        return LogAxis.around("non-embedding parameters N", sizes, 0.08, LogAxis.Labels.COUNTS);
    }

    private LogAxis yAxis() {
        Prediction held = result.prediction();
        DoubleStream losses = DoubleStream.concat(fitted(Point::loss),
                DoubleStream.of(held.measured(), held.predicted(), held.interval().low(), held.interval().high()));
        var range = losses.summaryStatistics();
        double floor = result.fit().law().irreducible();
        // E may lie so far below the losses that showing it would flatten them all.
        boolean near = floor > 0 && Math.log(range.getMin() / floor) < 0.6 * Math.log(range.getMax() / range.getMin());
        DoubleStream shown = DoubleStream.of(range.getMin(), range.getMax(), near ? floor : range.getMin());
        return LogAxis.around("validation loss (nats per token)", shown, 0.08, LogAxis.Labels.DECIMALS);
    }

    private DoubleStream fitted(ToDoubleFunction<Point> value) {
        return result.fit().points().stream().mapToDouble(value);
    }

    private void law(LogLogChart chart, LogAxis x) {
        double[] sizes = IntStream.range(0, CURVE_POINTS)
                .mapToDouble(i -> x.low() * Math.pow(x.high() / x.low(), i / (CURVE_POINTS - 1.0))).toArray();
        Interval[] band = DoubleStream.of(sizes).mapToObj(n -> result.bootstrap().loss(n, Double.NaN, result.level()))
                .toArray(Interval[]::new);
        double[] low = IntStream.range(0, CURVE_POINTS).mapToDouble(i -> band[i].low()).toArray();
        double[] high = IntStream.range(0, CURVE_POINTS).mapToDouble(i -> band[i].high()).toArray();
        chart.band(percent() + " bootstrap band of the law", sizes, low, high, BAND);
        PowerLaw law = result.fit().law();
        chart.line(legend(), sizes, DoubleStream.of(sizes).map(law::loss).toArray(),
                new LogLogChart.LineLook(LAW, 3, false));
    }

    /** The formula, and each parameter with its interval on a line of its own. */
    private String legend() {
        return "fit without the largest size: " + result.fit().law().formula() + "\n"
                + result.fit().law().parameters().keySet().stream().map(this::parameter)
                        .collect(Collectors.joining("\n"));
    }

    private String parameter(String parameter) {
        return parameter + " = " + result.text(parameter) + "  " + result.intervalText(parameter);
    }

    private String percent() {
        return Math.round(100 * result.level()) + "%";
    }

    private void floor(LogLogChart chart, LogAxis x, LogAxis y) {
        double floor = result.fit().law().irreducible();
        if (floor > y.low()) {
            chart.line("irreducible loss E", new double[]{x.low(), x.high()}, new double[]{floor, floor},
                    new LogLogChart.LineLook(FLOOR, 2.5f, true));
        }
    }

    private void measured(LogLogChart chart) {
        chart.points("measured, used in the fit", fitted(Point::n).toArray(), fitted(Point::loss).toArray(),
                SeriesMarkers.CIRCLE, MEASURED);
    }

    private void heldOut(LogLogChart chart) {
        Prediction held = result.prediction();
        double[] n = {held.n()};
        chart.line("", new double[]{held.n(), held.n()}, new double[]{held.interval().low(), held.interval().high()},
                new LogLogChart.LineLook(HELD_OUT, 3, false));
        chart.points("held out: predicted " + Figures.of(held.predicted()) + "  " + held.interval().text(), n,
                new double[]{held.predicted()},
                SeriesMarkers.SQUARE, HELD_OUT);
        String error = String.format(Locale.ROOT, "%+.2f%%", 100 * held.relativeError());
        chart.points("held out: measured " + Figures.of(held.measured()) + "  (error " + error + ")", n,
                new double[]{held.measured()},
                new OpenDiamond(), MEASURED);
    }
}
