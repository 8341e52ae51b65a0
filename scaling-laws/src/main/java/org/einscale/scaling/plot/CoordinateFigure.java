package org.einscale.scaling.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.sweep.Coordinates;
import org.einscale.scaling.table.CoordinateTable.Row;
import org.knowm.xchart.style.Styler;

/**
 * How much activations have changed against the width, log-log, a row of panels a parametrization: on the left the logits, a line a
 * step; on the right, after the last step, the activations that grow most.
 *
 * @param checks one or two, of the same activations
 */
public record CoordinateFigure(List<Coordinates> checks) implements Figure {
    private static final String LOGITS = "logits";
    private static final int SHOWN = 10;

    /** @throws ScalingException where nothing has changed */
    public CoordinateFigure {
        checks = List.copyOf(checks);
        if (checks.stream().flatMap(check -> check.rows().stream()).noneMatch(row -> row.change() > 0)) {
            throw new ScalingException("no coordinates to draw: no activation has changed");
        }
    }

    /** A line of a panel. */
    private record Line(String label, List<Row> rows, Color color) {}

    @Override
    public void paint(Graphics2D graphics) {
        for (int i = 0; i < checks.size(); i++) {
            paint(graphics, i, 0, "Change of the logits", steps(checks.get(i)));
            paint(graphics, i, 1, "Change of what grows most, after step " + checks.get(i).lastStep(),
                    fastest(checks.get(i)));
        }
    }

    private void paint(Graphics2D graphics, int row, int column, String title, List<Line> lines) {
        LogAxis x = LogAxis.around("width", checks.getFirst().rows().stream().mapToDouble(Row::width), 0.05,
                LogAxis.Labels.DECIMALS);
        LogAxis y = LogAxis.around("mean absolute change", changes(column), 0.05, LogAxis.Labels.DECIMALS);
        var chart = new LogLogChart(checks.get(row).parametrization() + ": " + title, x, y,
                Styler.LegendPosition.OutsideE);
        for (Line line : lines) {
            chart.line(line.label, line.rows.stream().mapToDouble(Row::width).toArray(),
                    line.rows.stream().mapToDouble(Row::change).toArray(),
                    new LogLogChart.LineLook(line.color, 3f, false));
        }
        Graphics2D part = (Graphics2D) graphics.create(column * WIDTH / 2, row * HEIGHT / 2, WIDTH / 2, HEIGHT / 2);
        part.scale(0.5, 0.5);
        chart.paint(part);
        part.dispose();
    }

    /** Of all panels of a column, which share their axes. */
    private DoubleStream changes(int column) {
        return checks.stream().flatMap(check -> (column == 0 ? steps(check) : fastest(check)).stream())
                .flatMap(line -> line.rows.stream()).mapToDouble(Row::change);
    }

    private static List<Line> steps(Coordinates check) {
        List<Long> steps = check.rows().stream().map(Row::step).filter(step -> step > 0).distinct().sorted().toList();
        return steps.stream().map(step -> new Line("step " + step, rows(check, LOGITS, step),
                HistoryFigure.color(steps.indexOf(step), steps.size()))).toList();
    }

    /** In the order of the model. */
    private List<Line> fastest(Coordinates check) {
        Comparator<String> slope = Comparator.comparingDouble(value -> checks.stream()
                .mapToDouble(each -> each.slopes(Row::change).getOrDefault(value, Double.NaN))
                .filter(Double::isFinite).max().orElse(Double.NEGATIVE_INFINITY));
        List<String> most = check.slopes(Row::change).entrySet().stream()
                .filter(each -> !each.getValue().isNaN()).map(Map.Entry::getKey).sorted(slope.reversed())
                .limit(SHOWN).toList();
        return check.slopes(Row::change).keySet().stream().filter(most::contains)
                .map(value -> new Line(value, rows(check, value, check.lastStep()),
                        HistoryFigure.color(most.indexOf(value), most.size())))
                .toList();
    }

    private static List<Row> rows(Coordinates check, String value, long step) {
        return check.rows().stream()
                .filter(row -> row.step() == step && row.value().equals(value) && row.change() > 0)
                .sorted(Comparator.comparingInt(Row::width)).toList();
    }
}
