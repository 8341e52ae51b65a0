package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.HistoryTable;
import org.knowm.xchart.style.Styler;

/**
 * Validation loss against training tokens of several runs, log-log: a colour a run, a line a trial.
 *
 * @param runs the evaluations of each run, by its name
 */
public record ComparisonFigure(Map<String, List<HistoryTable.Row>> runs) implements Figure {

    // Okabe and Ito 2008, without yellow: told apart with any kind of colour vision.
    private static final int[] COLORS = {0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x56b4e9, 0xe69f00, 0x000000};

    /** @throws ScalingException where no row has tokens and a loss above zero */
    public ComparisonFigure {
        var drawn = new LinkedHashMap<String, List<HistoryTable.Row>>();
        runs.forEach((name, rows) -> drawn.put(name, rows.stream()
                .filter(row -> row.evaluation().tokens() > 0 && row.evaluation().valLoss() > 0).toList()));
        runs = drawn;
        if (runs.values().stream().allMatch(List::isEmpty)) {
            throw new ScalingException("no evaluation to draw: no run has a row with tokens and a validation loss");
        }
    }

    @Override
    public void paint(Graphics2D graphics) {
        List<Evaluation> all = runs.values().stream().flatMap(List::stream).map(HistoryTable.Row::evaluation).toList();
        LogAxis x = LogAxis.around("training tokens", all.stream().mapToDouble(Evaluation::tokens), 0.03,
                LogAxis.Labels.COUNTS);
        LogAxis y = LogAxis.around("validation loss (nats per token)", all.stream().mapToDouble(Evaluation::valLoss),
                0.05,
                LogAxis.Labels.DECIMALS);
        var chart = new LogLogChart("Validation loss of " + runs.size() + " runs", x, y,
                Styler.LegendPosition.OutsideE);
        int color = 0;
        for (Map.Entry<String, List<HistoryTable.Row>> run : runs.entrySet()) {
            draw(chart, run.getKey(), run.getValue(), new Color(COLORS[color++ % COLORS.length]));
        }
        chart.paint(graphics);
    }

    /** The legend names a run once. */
    private static void draw(LogLogChart chart, String run, List<HistoryTable.Row> rows, Color color) {
        String label = LogLogChart.elide(run, 34);
        for (List<HistoryTable.Row> trial : trials(rows)) {
            chart.line(label, trial.stream().mapToDouble(row -> row.evaluation().tokens()).toArray(),
                    trial.stream().mapToDouble(row -> row.evaluation().valLoss()).toArray(),
                    new LogLogChart.LineLook(color, 2.5f, false));
            label = "";
        }
    }

    private static List<List<HistoryTable.Row>> trials(List<HistoryTable.Row> rows) {
        Map<String, List<HistoryTable.Row>> byName = new LinkedHashMap<>();
        rows.forEach(row -> byName.computeIfAbsent(row.trial(), name -> new ArrayList<>()).add(row));
        return List.copyOf(byName.values());
    }
}
