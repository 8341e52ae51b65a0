package org.einscale.scaling.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Point;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A log-log chart. XChart sees logarithms on linear axes; grid, ticks and labels are those
 * of {@link LogAxis}. What is added first lies below what is added later.
 */
final class LogLogChart {

    private static final int PADDING = 24;

    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xd9, 0xd9, 0xd9);
    private static final Color FAINT = new Color(0xf0, 0xf0, 0xf0);
    private static final Color CLEAR = new Color(0, 0, 0, 0);
    private static final Font TICKS = new Font(Font.SANS_SERIF, Font.PLAIN, 22);

    private static final Font TITLES = new Font(Font.SANS_SERIF, Font.PLAIN, 26);

    static {
        // Must be set before the first class of AWT that asks for a screen.
        System.setProperty("java.awt.headless", "true");
    }

    private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 22);
    private static final int POINT = 1_000_000;
    private static final double EDGE = 0.03;

    /** Something drawn at a place, in shares of both axes, and how much it would be missed. */
    private record Crowd(double x, double y, int weight) {}

    private final List<Crowd> crowd = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final LogAxis x;
    private final LogAxis y;
    private final XYChart chart;
    private int series;

    LogLogChart(String title, LogAxis x, LogAxis y, Styler.LegendPosition legend) {
        this.x = x;
        this.y = y;
        this.chart = new XYChartBuilder().width(Figure.WIDTH).height(Figure.HEIGHT).title(title)
                .xAxisTitle(elide(x.title(), 80))
                .build();
        style(chart.getStyler(), legend);
        grid(x.minor(), y.minor(), FAINT);
        grid(x.ticks(), y.ticks(), GRID);
    }

    private void style(XYStyler style, Styler.LegendPosition legend) {
        style.setXAxisMin(Math.log10(x.low())).setXAxisMax(Math.log10(x.high())).setYAxisMin(Math.log10(y.low()))
                .setYAxisMax(Math.log10(y.high()));
        // XChart's own labels only keep the room in which the right ones are drawn.
        String widest = y.tickLabels().stream().reduce("", (a, b) -> a.length() >= b.length() ? a : b);
        style.setXAxisTickLabelsFormattingFunction(value -> "0").setYAxisTickLabelsFormattingFunction(value -> widest);
        style.setXAxisTickLabelsColor(CLEAR).setYAxisTickLabelsColor(CLEAR).setAxisTicksMarksVisible(false)
                .setAxisTicksLineVisible(false);
        style.setAxisTickLabelsFont(TICKS).setAxisTitleFont(TITLES)
                .setAxisTitlePadding(16);
        style.setPlotGridLinesVisible(false).setPlotTicksMarksVisible(false).setPlotMargin(0).setAxisTickPadding(44)
                .setYAxisTitleVisible(false)
                .setYAxisLeftWidthHint(80 + 14 * widest.length());
        style.setPlotContentSize(1).setPlotBorderColor(INK).setPlotBackgroundColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 28)).setChartTitleBoxVisible(false)
                .setChartTitlePadding(16);
        style.setChartFontColor(INK).setChartPadding(PADDING).setMarkerSize(15);
        style.setLegendPosition(legend).setLegendFont(LEGEND)
                .setLegendBorderColor(GRID)
                .setLegendBackgroundColor(Color.WHITE).setLegendPadding(14).setLegendSeriesLineLength(48);
    }

    private void grid(List<Double> columns, List<Double> rows, Color color) {
        columns.forEach(value -> line("", new double[]{value, value}, new double[]{y.low(), y.high()},
                new LineLook(color, 1.2f, false)));
        rows.forEach(value -> line("", new double[]{x.low(), x.high()}, new double[]{value, value},
                new LineLook(color, 1.2f, false)));
    }

    /**
     * How a line looks.
     *
     * @param color its colour
     * @param width its width in pixels
     * @param dashed whether it is dashed
     */
    record LineLook(Color color, float width, boolean dashed) {

        BasicStroke stroke() {
            return dashed
                    ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[]{14, 9}, 0)
                    : new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
    }

    /** A line, as far as it lies within the axes; an empty label keeps it out of the legend. */
    void line(String label, double[] xs, double[] ys, LineLook look) {
        var inside = new ArrayList<Point>();
        for (int i = 0; i < xs.length; i++) {
            boolean leaves = ys[i] < y.low() || ys[i] > y.high();
            boolean touches = (i > 0 && within(ys[i - 1])) || (i + 1 < ys.length && within(ys[i + 1]));
            if (!leaves || touches || xs.length == 2) {
                inside.add(new Point(xs[i], Math.clamp(ys[i], y.low(), y.high())));
            }
        }
        if (inside.isEmpty()) {
            inside.add(new Point(xs[0], Math.clamp(ys[0], y.low(), y.high())));
        }
        XYSeries line = add(label, inside.stream().mapToDouble(Point::n).toArray(),
                inside.stream().mapToDouble(Point::loss).toArray());
        if (!label.isEmpty()) {
            inside.forEach(point -> crowd(point.n(), point.loss(), 1));
        }
        line.setLineColor(look.color).setLineStyle(look.stroke());
        line.setMarker(SeriesMarkers.NONE);
    }

    /** Points without a line. Those above or below the axis become triangles at its edge, each with its place in the legend. */
    void points(String label, List<Point> points, Marker marker, Color color) {
        List<Point> inside = points.stream().filter(point -> point.loss() >= y.low() && point.loss() <= y.high())
                .toList();
        if (!inside.isEmpty()) {
            marks(label, inside, marker, color);
        }
        points.stream().filter(point -> !inside.contains(point)).forEach(point -> {
            boolean above = point.loss() > y.high();
            double edge = above
                    ? y.high() / Math.pow(y.high() / y.low(), EDGE)
                    : y.low() * Math.pow(y.high() / y.low(), EDGE);
            String place = "off the axis: " + Figures.of(point.loss()) + " at N = " + Figures.count(point.n());
            marks(points.size() == 1 ? label + "\n" + place : place, List.of(new Point(point.n(), edge)),
                    above ? SeriesMarkers.TRIANGLE_UP : SeriesMarkers.TRIANGLE_DOWN, color);
        });
    }

    private void marks(String label, List<Point> points, Marker marker, Color color) {
        XYSeries added = add(label, points.stream().mapToDouble(Point::n).toArray(),
                points.stream().mapToDouble(Point::loss).toArray());
        added.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        added.setMarker(marker).setMarkerColor(color);
        points.forEach(point -> crowd(point.n(), point.loss(), POINT));
    }

    /** Notes what is drawn at a place, so that the legend can keep away. */
    private void crowd(double n, double loss, int weight) {
        crowd.add(new Crowd(Math.log(n / x.low()) / Math.log(x.high() / x.low()),
                Math.log(loss / y.low()) / Math.log(y.high() / y.low()), weight));
    }

    /** Moves the legend to the corner where it covers least; below the picture where it would cover a point in each. */
    void legendWhereItCoversLeast() {
        var best = Styler.LegendPosition.OutsideS;
        int least = POINT;
        for (Styler.LegendPosition corner : List.of(Styler.LegendPosition.InsideNE, Styler.LegendPosition.InsideNW,
                Styler.LegendPosition.InsideSW, Styler.LegendPosition.InsideSE)) {
            boolean right = corner == Styler.LegendPosition.InsideNE || corner == Styler.LegendPosition.InsideSE;
            boolean top = corner == Styler.LegendPosition.InsideNE || corner == Styler.LegendPosition.InsideNW;
            int covered = crowd.stream().filter(
                    place -> (right ? 1 - place.x : place.x) < legendWidth()
                            && (top ? 1 - place.y : place.y) < legendHeight())
                    .mapToInt(Crowd::weight).sum();
            if (covered < least) {
                least = covered;
                best = corner;
            }
        }
        chart.getStyler().setLegendPosition(best);
    }

    private double legendWidth() {
        double widest = labels.stream().flatMap(String::lines)
                .mapToDouble(line -> LEGEND.getStringBounds(line, new FontRenderContext(null, true, true)).getWidth())
                .max()
                .orElse(0);
        return (widest + 150) / (Figure.WIDTH - 200);
    }

    private double legendHeight() {
        double lines = labels.stream().flatMap(String::lines).count();
        return (lines * 28 + labels.size() * 14 + 60) / (Figure.HEIGHT - 200);
    }

    /** The area between two curves. */
    void band(String label, double[] xs, double[] lows, double[] highs, Color color) {
        int n = xs.length;
        double[] aroundX = new double[2 * n];
        double[] aroundY = new double[2 * n];
        for (int i = 0; i < n; i++) {
            aroundX[i] = aroundX[2 * n - 1 - i] = xs[i];
            aroundY[i] = Math.clamp(lows[i], y.low(), y.high());
            aroundY[2 * n - 1 - i] = Math.clamp(highs[i], y.low(), y.high());
        }
        XYSeries band = add("", aroundX, aroundY);
        band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        band.setFillColor(color);
        band.setMarker(SeriesMarkers.NONE).setLineColor(CLEAR);
        // XChart's legend sets areas apart from lines; a thick line without length stands for the area there.
        line(label, new double[]{xs[0], xs[0]}, new double[]{aroundY[0], aroundY[0]}, new LineLook(color, 18, false));
    }

    private XYSeries add(String label, double[] xs, double[] ys) {
        XYSeries added = chart.addSeries("series " + series++, DoubleStream.of(xs).map(Math::log10).toArray(),
                DoubleStream.of(ys).map(Math::log10).toArray());
        if (!label.isEmpty()) {
            labels.add(label);
        }
        added.setShowInLegend(!label.isEmpty()).setLabel(label.isEmpty() ? " " : label);
        return added;
    }

    private boolean within(double loss) {
        return loss >= y.low() && loss <= y.high();
    }

    /** A text with its middle left out where it is longer than a number of characters. */
    static String elide(String text, int length) {
        int half = (length - 1) / 2;
        return text.length() <= length
                ? text
                : text.substring(0, half) + "\u2026" + text.substring(text.length() - half);
    }

    /** Draws the finished picture. */
    void paint(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        // Otherwise Java moves each point of a curve to the middle of a pixel, and the curve shakes.
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        chart.paint(g, Figure.WIDTH, Figure.HEIGHT);
        label(g);
    }

    private void label(Graphics2D g) {
        g.setColor(INK);
        g.setStroke(new BasicStroke(1.5f));
        int left = (int) Math.round(chart.getScreenXFromChart(Math.log10(x.low())));
        int right = (int) Math.round(chart.getScreenXFromChart(Math.log10(x.high())));
        int top = (int) Math.round(chart.getScreenYFromChart(Math.log10(y.high())));
        int bottom = (int) Math.round(chart.getScreenYFromChart(Math.log10(y.low())));
        // Again, as the grid was drawn over it.
        g.drawRect(left, top, right - left, bottom - top);
        g.setFont(TICKS);
        labelColumns(g, bottom);
        labelRows(g, left);
        g.setFont(TITLES);
        g.rotate(-Math.PI / 2);
        String title = elide(y.title(), 50);
        g.drawString(title, -(top + bottom) / 2 - g.getFontMetrics().stringWidth(title) / 2,
                PADDING + g.getFontMetrics().getAscent());
    }

    private void labelColumns(Graphics2D g, int bottom) {
        int free = Integer.MIN_VALUE;
        for (int i = 0; i < x.ticks().size(); i++) {
            int place = (int) Math.round(chart.getScreenXFromChart(Math.log10(x.ticks().get(i))));
            String text = x.tickLabels().get(i);
            int width = g.getFontMetrics().stringWidth(text);
            g.drawLine(place, bottom, place, bottom + 7);
            // A label that would touch the one before is left out; its tick stays.
            if (place - width / 2 > free) {
                g.drawString(text, place - width / 2, bottom + 12 + g.getFontMetrics().getAscent());
                free = place + width / 2 + 12;
            }
        }
    }

    private void labelRows(Graphics2D g, int left) {
        int half = g.getFontMetrics().getAscent() / 2 - 3;
        for (int i = 0; i < y.ticks().size(); i++) {
            int place = (int) Math.round(chart.getScreenYFromChart(Math.log10(y.ticks().get(i))));
            String text = y.tickLabels().get(i);
            g.drawLine(left - 7, place, left, place);
            g.drawString(text, left - 13 - g.getFontMetrics().stringWidth(text), place + half);
        }
    }
}
