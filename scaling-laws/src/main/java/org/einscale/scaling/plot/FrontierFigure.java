package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.einscale.scaling.Point;
import org.einscale.scaling.frontier.Frontier;
import org.einscale.scaling.frontier.Growth;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The best size against compute, log-log, by the three approaches of Hoffmann et al. 2022: the sizes that each finds best, and the
 * straight line through them, drawn on to a budget.
 *
 * @param frontier what they find
 * @param budget FLOPs up to which the lines are drawn, where these are more than was measured
 */
public record FrontierFigure(Frontier frontier, double budget) implements Figure {

    // Okabe and Ito 2008: told apart with any kind of colour vision.
    private static final Color ENVELOPE = new Color(0x00, 0x9e, 0x73);
    private static final Color LOWEST = new Color(0xcc, 0x79, 0xa7);
    private static final Color PARABOLA = new Color(0xd5, 0x5e, 0x00);
    private static final Color LAW = new Color(0x00, 0x72, 0xb2);
    private static final float STAIRS = 6;

    @Override
    public void paint(Graphics2D graphics) {
        double[] ends = {bests().mapToDouble(Growth.Best::c).min().orElse(budget),
            Math.max(budget, bests().mapToDouble(Growth.Best::c).max().orElse(budget))};
        LogAxis x = LogAxis.around("training compute C (FLOP)", DoubleStream.of(ends), 0.05, LogAxis.Labels.POWERS);
        LogAxis y = LogAxis.around("best size N (parameters)",
                DoubleStream.concat(bests().mapToDouble(Growth.Best::n), frontier.ways().stream()
                        .flatMapToDouble(way -> DoubleStream.of(ends).map(way.growth()::n))),
                0.05, LogAxis.Labels.COUNTS);
        var chart = new LogLogChart("Best size for a budget of compute", x, y, Styler.LegendPosition.InsideNW);
        frontier.envelope().ifPresent(way -> {
            stairs(chart, way.bests());
            line(chart, "1 envelope of curves", way, ENVELOPE, ends);
        });
        frontier.lowest().ifPresent(way -> {
            points(chart, way.bests(), SeriesMarkers.DIAMOND, LOWEST);
            line(chart, "1 best run of each budget", way, LOWEST, ends);
        });
        frontier.parabola().ifPresent(way -> {
            points(chart, way.bests(), SeriesMarkers.CIRCLE, PARABOLA);
            line(chart, "2 parabola of each budget", way, PARABOLA, ends);
        });
        line(chart, "3 law of N and D", frontier.law(), LAW, ends);
        chart.legendWhereItCoversLeast();
        chart.paint(graphics);
    }

    private Stream<Growth.Best> bests() {
        return frontier.ways().stream().flatMap(way -> way.bests().stream());
    }

    private static void line(LogLogChart chart, String name, Frontier.Way way, Color color, double[] ends) {
        String label = String.format(Locale.ROOT, "%s: a = %.3f [%.3f, %.3f]%s", name, way.growth().exponent(),
                way.exponent().low(), way.exponent().high(),
                way.biased() ? String.format(Locale.ROOT, ", bias %+.3f", way.bias()) : "");
        chart.line(label, ends, DoubleStream.of(ends).map(way.growth()::n).toArray(),
                new LogLogChart.LineLook(color, 3, false));
    }

    private static void points(LogLogChart chart, List<Growth.Best> bests, Marker marker, Color color) {
        chart.points("", bests.stream().map(best -> new Point(best.c(), best.n())).toList(), marker, color);
    }

    /** Numbers of FLOPs that follow one another and have the same best size are one stroke. */
    private static void stairs(LogLogChart chart, List<Growth.Best> bests) {
        int from = 0;
        for (int i = 1; i <= bests.size(); i++) {
            if (i == bests.size() || bests.get(i).n() != bests.get(from).n()) {
                double n = bests.get(from).n();
                chart.line("", new double[]{bests.get(from).c(), bests.get(i - 1).c()}, new double[]{n, n},
                        new LogLogChart.LineLook(ENVELOPE, STAIRS, false));
                from = i;
            }
        }
    }
}
