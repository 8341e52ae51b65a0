package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.scaling.Figures;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.HistoryTable;
import org.knowm.xchart.style.Styler;

/**
 * Validation loss against training tokens, log-log, a line a trial, darker for larger models.
 *
 * @param rows the evaluations
 */
public record HistoryFigure(List<HistoryTable.Row> rows) implements Figure {

    // Ten colours evenly spaced on viridis (van der Walt and Smith 2015) without its lightest end: ordered, for any colour vision.
    private static final int[] SCALE = {0xaadc32, 0x75d054, 0x47c16e, 0x27ad81, 0x20928c, 0x277f8e, 0x32648e, 0x3f4889,
        0x482979, 0x440154};

    /** @throws ScalingException where no row has tokens and a loss above zero */
    public HistoryFigure {
        rows = rows.stream().filter(row -> row.evaluation().tokens() > 0 && row.evaluation().valLoss() > 0).toList();
        if (rows.isEmpty()) {
            throw new ScalingException(
                    "no evaluation to draw: the history has no row with tokens and a validation loss above zero");
        }
    }

    @Override
    public void paint(Graphics2D graphics) {
        LogAxis x = LogAxis.around("training tokens", rows.stream().mapToDouble(row -> row.evaluation().tokens()), 0.03,
                LogAxis.Labels.COUNTS);
        LogAxis y = LogAxis.around("validation loss (nats per token)",
                rows.stream().mapToDouble(row -> row.evaluation().valLoss()), 0.05,
                LogAxis.Labels.DECIMALS);
        var chart = new LogLogChart("Validation loss during training", x, y, Styler.LegendPosition.OutsideE);
        List<List<HistoryTable.Row>> trials = trials();
        for (int i = 0; i < trials.size(); i++) {
            draw(chart, trials.get(i), color(i, trials.size()));
        }
        chart.paint(graphics);
    }

    private static void draw(LogLogChart chart, List<HistoryTable.Row> trial, Color color) {
        double[] tokens = trial.stream().mapToDouble(row -> row.evaluation().tokens()).toArray();
        double[] losses = trial.stream().mapToDouble(row -> row.evaluation().valLoss()).toArray();
        chart.line("N = " + Figures.count(trial.getFirst().n()), tokens, losses,
                new LogLogChart.LineLook(color, 3, false));
    }

    /** The rows of each trial, the smallest model first. */
    private List<List<HistoryTable.Row>> trials() {
        Map<String, List<HistoryTable.Row>> byName = new LinkedHashMap<>();
        rows.forEach(row -> byName.computeIfAbsent(row.trial(), name -> new ArrayList<>()).add(row));
        return byName.values().stream().sorted(Comparator.comparingLong(trial -> trial.getFirst().n())).toList();
    }

    /** Darker for later ones. */
    static Color color(int trial, int trials) {
        return color(trials == 1 ? 1 : trial / (trials - 1.0));
    }

    /** The colour at a place between 0, the lightest, and 1. */
    static Color color(double place) {
        return new Color(SCALE[(int) Math.round(place * (SCALE.length - 1))]);
    }
}
