package org.einscale.scaling.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.Figures;
import org.einscale.scaling.ScalingException;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The same answers of models of several sizes, by four measures: what is smooth by one is a jump by another (Schaeffer, Miranda
 * and Koyejo 2023, "Are emergent abilities of large language models a mirage?"). Cross-entropy; the share of keys known and that of
 * examinations passed, beside its power; the Brier score; and the share known by octave of frequency.
 *
 * @param sizes at least two, of different n
 */
public record EmergenceFigure(List<Size> sizes) implements Figure {
    private static final int PANEL_WIDTH = WIDTH / 2;
    private static final int PANEL_HEIGHT = HEIGHT / 2;
    private static final Color INK = new Color(0x33, 0x33, 0x33);
    private static final Color GRID = new Color(0xd9, 0xd9, 0xd9);

    static {
        // Must be set before the first class of AWT that asks for a screen.
        System.setProperty("java.awt.headless", "true");
    }

    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 17);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 20);

    /**
     * A model's answers.
     *
     * @param n parameters without embeddings
     * @param crossEntropy nats per answer
     * @param known share of the keys whose value it knows
     * @param exactMatch share of examinations passed, by the keys that they ask for
     * @param brier squared distance of its probabilities from the truth, 0 to 2
     * @param octaves share of the keys known, by the rank that an octave of frequency begins with
     */
    public record Size(long n, double crossEntropy, double known, SequencedMap<Integer, Double> exactMatch,
            double brier,
            SequencedMap<Integer, Double> octaves) {}

    /** @throws ScalingException where there is nothing to compare */
    public EmergenceFigure {
        sizes = sizes.stream().sorted(Comparator.comparingLong(Size::n)).toList();
        if (sizes.stream().mapToLong(Size::n).distinct().count() < 2) {
            throw new ScalingException("no figure: expected models of at least two sizes, found one");
        }
    }

    @Override
    public void paint(Graphics2D graphics) {
        List<XYChart> panels = List.of(crossEntropy(), accuracy(), brier(), octaves());
        for (int i = 0; i < panels.size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create(i % 2 * PANEL_WIDTH, i / 2 * PANEL_HEIGHT, PANEL_WIDTH,
                    PANEL_HEIGHT);
            panels.get(i).paint(part, PANEL_WIDTH, PANEL_HEIGHT);
            part.dispose();
        }
    }

    private XYChart crossEntropy() {
        XYChart chart = bySize("Cross-entropy, each answer as often as asked", "nats per answer");
        mark(chart, "cross-entropy", Size::crossEntropy, HistoryFigure.color(0.6));
        line(chart, "cross-entropy", xs(), sizes.stream().mapToDouble(Size::crossEntropy).toArray(),
                HistoryFigure.color(0.6));
        chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
        return chart;
    }

    /** Points are measured, lines are powers of the share known. */
    private XYChart accuracy() {
        XYChart chart = bySize("Examinations of L different keys passed", "share (lines: share known to the L)");
        List<Integer> lengths = List.copyOf(sizes.getFirst().exactMatch().keySet());
        for (int i = 0; i < lengths.size(); i++) {
            int length = lengths.get(i);
            Color color = HistoryFigure.color((i + 0.5) / lengths.size());
            mark(chart, "L = " + length, size -> size.exactMatch().get(length), color);
            line(chart, "L = " + length, xs(),
                    sizes.stream().mapToDouble(size -> Math.pow(size.known(), length)).toArray(), color);
        }
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0).setLegendPosition(Styler.LegendPosition.InsideNW);
        return chart;
    }

    private XYChart brier() {
        XYChart chart = bySize("Brier score of the same answers, smooth", "squared distance from the truth");
        mark(chart, "Brier score", Size::brier, HistoryFigure.color(0.6));
        line(chart, "Brier score", xs(), sizes.stream().mapToDouble(Size::brier).toArray(), HistoryFigure.color(0.6));
        chart.getStyler().setYAxisMin(0.0).setLegendVisible(false);
        return chart;
    }

    private XYChart octaves() {
        XYChart chart = chart("Keys known by octave of frequency", "rank of the key, from 2^k to below 2^(k+1)",
                "share known");
        for (int i = 0; i < sizes.size(); i++) {
            Size size = sizes.get(i);
            XYSeries series = chart.addSeries("N = " + Figures.count(size.n()) + " ".repeat(i),
                    size.octaves().keySet().stream().mapToDouble(rank -> Math.log(rank) / Math.log(2)).toArray(),
                    size.octaves().values().stream().mapToDouble(share -> share).toArray());
            Color color = HistoryFigure.color(i / (sizes.size() - 1.0));
            series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color)
                    .setLineStyle(new BasicStroke(2));
        }
        chart.getStyler().setXAxisDecimalPattern("0").setYAxisMin(0.0).setYAxisMax(1.0)
                .setLegendPosition(Styler.LegendPosition.OutsideE);
        return chart;
    }

    private double[] xs() {
        return sizes.stream().mapToDouble(Size::n).toArray();
    }

    private void mark(XYChart chart, String label, ToDoubleFunction<Size> measure, Color color) {
        XYSeries series = chart.addSeries(label, xs(), sizes.stream().mapToDouble(measure).toArray());
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(color);
    }

    private static void line(XYChart chart, String of, double[] xs, double[] ys, Color color) {
        XYSeries series = chart.addSeries("line of " + of, xs, ys);
        series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(new BasicStroke(2))
                .setShowInLegend(false);
    }

    private static XYChart bySize(String title, String y) {
        XYChart chart = chart(title, "parameters without embeddings", y);
        chart.getStyler().setXAxisLogarithmic(true);
        return chart;
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder().width(PANEL_WIDTH).height(PANEL_HEIGHT).title(title).xAxisTitle(x)
                .yAxisTitle(y).build();
        XYStyler style = chart.getStyler();
        style.setAxisTickLabelsFont(TEXT).setAxisTitleFont(TEXT).setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1));
        style.setPlotBorderColor(INK).setPlotBackgroundColor(Color.WHITE).setChartBackgroundColor(Color.WHITE);
        style.setChartTitleFont(TITLE).setChartTitleBoxVisible(false).setChartFontColor(INK).setChartPadding(14);
        style.setLegendFont(TEXT).setLegendBorderColor(GRID).setLegendBackgroundColor(Color.WHITE).setMarkerSize(9);
        return chart;
    }
}
