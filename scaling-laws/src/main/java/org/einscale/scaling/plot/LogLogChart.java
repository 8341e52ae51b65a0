package org.einscale.scaling.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.einscale.scaling.ScalingException;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A log-log chart of {@value #WIDTH} x {@value #HEIGHT} pixels. XChart sees logarithms on linear axes; grid, ticks and labels are those
 * of {@link LogAxis}. What is added first lies below what is added later.
 */
final class LogLogChart {

    static final int WIDTH = 1600;
    static final int HEIGHT = 1000;
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

    private final LogAxis x;
    private final LogAxis y;
    private final XYChart chart;
    private int series;

    LogLogChart(String title, LogAxis x, LogAxis y, Styler.LegendPosition legend) {
        this.x = x;
        this.y = y;
        this.chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x.title())
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
        style.setLegendPosition(legend).setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 22))
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

    /** A line; an empty label keeps it out of the legend. */
    void line(String label, double[] xs, double[] ys, LineLook look) {
        XYSeries line = add(label, xs, ys);
        line.setLineColor(look.color).setLineStyle(look.stroke());
        line.setMarker(SeriesMarkers.NONE);
    }

    /** Points without a line. */
    void points(String label, double[] xs, double[] ys, Marker marker, Color color) {
        XYSeries points = add(label, xs, ys);
        points.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        points.setMarker(marker).setMarkerColor(color);
    }

    /** The area between two curves. */
    void band(String label, double[] xs, double[] lows, double[] highs, Color color) {
        int n = xs.length;
        double[] aroundX = new double[2 * n];
        double[] aroundY = new double[2 * n];
        for (int i = 0; i < n; i++) {
            aroundX[i] = aroundX[2 * n - 1 - i] = xs[i];
            aroundY[i] = Math.max(lows[i], y.low());
            aroundY[2 * n - 1 - i] = Math.min(highs[i], y.high());
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
        added.setShowInLegend(!label.isEmpty()).setLabel(label.isEmpty() ? " " : label);
        return added;
    }

    /**
     * The finished picture as PNG.
     *
     * @throws ScalingException where this machine has no fonts to draw with
     */
    byte[] png() {
        try {
            var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            // Otherwise Java moves each point of a curve to the middle of a pixel, and the curve shakes.
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            chart.paint(g, WIDTH, HEIGHT);
            label(g);
            g.dispose();
            var bytes = new ByteArrayOutputStream();
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InternalError | LinkageError e) {
            throw new ScalingException(
                    "cannot draw: this machine has no fonts for Java; install fontconfig and a font, such as DejaVu",
                    e);
        }
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
        g.drawString(y.title(), -(top + bottom) / 2 - g.getFontMetrics().stringWidth(y.title()) / 2,
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
