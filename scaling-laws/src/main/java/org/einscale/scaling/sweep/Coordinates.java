package org.einscale.scaling.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.CoordinateTable.Row;

/**
 * What a coordinate check says of one parametrization (Yang et al. 2022, appendix D.1): by which power of the width each activation
 * goes. Where a rate of one width holds at others, the change of none grows.
 *
 * @param parametrization its name
 * @param rows of at least two widths
 */
public record Coordinates(String parametrization, List<Row> rows) {

    /** From which power of the width on an activation is said to grow. What grows by theory, grows at least as the root. */
    public static final double GROWS = 0.4;

    /** @throws ScalingException for less than two widths */
    public Coordinates {
        rows = List.copyOf(rows);
        if (rows.stream().mapToInt(Row::width).distinct().count() < 2) {
            throw new ScalingException("a coordinate check compares widths: expected two or more, found one");
        }
    }

    /** Steps done when activations were measured last. */
    public long lastStep() {
        return rows.stream().mapToLong(Row::step).max().orElseThrow();
    }

    /**
     * The slope of a straight line through logarithms of a measure after the last step and of the width, by least squares, of each
     * activation; NaN where the measure is 0 at some width.
     */
    public SequencedMap<String, Double> slopes(ToDoubleFunction<Row> measure) {
        SequencedMap<String, List<Row>> values = new LinkedHashMap<>();
        rows.stream().filter(row -> row.step() == lastStep())
                .forEach(row -> values.computeIfAbsent(row.value(), _ -> new ArrayList<>()).add(row));
        SequencedMap<String, Double> slopes = new LinkedHashMap<>();
        values.forEach((value, of) -> slopes.put(value, slope(of, measure)));
        return slopes;
    }

    private static double slope(List<Row> rows, ToDoubleFunction<Row> measure) {
        double meanX = rows.stream().mapToDouble(row -> Math.log(row.width())).average().orElseThrow();
        double both = 0;
        double square = 0;
        for (Row row : rows) {
            double x = Math.log(row.width()) - meanX;
            both += x * Math.log(measure.applyAsDouble(row));
            square += x * x;
        }
        double slope = both / square;
        return Double.isFinite(slope) ? slope : Double.NaN;
    }

    /** In one sentence, what grows with the width. */
    public String judgement() {
        Map<String, Double> slopes = slopes(Row::change);
        long growing = slopes.values().stream().filter(slope -> slope > GROWS).count();
        Optional<Map.Entry<String, Double>> most = slopes.entrySet().stream().filter(each -> !each.getValue().isNaN())
                .max(Comparator.comparingDouble(Map.Entry::getValue));
        String fastest = most.map(each -> String.format(Locale.ROOT, "%s, as width^%.2f", each.getKey(),
                each.getValue())).orElse("none, as nothing changed");
        return growing == 0
                ? String.format(Locale.ROOT, "%s: no change grows with the width (most does %s), so a learning rate"
                        + " should hold at all of them.", parametrization, fastest)
                : String.format(Locale.ROOT, "%s: %d of %d changes grow with the width (most does %s), so a wider model"
                        + " needs a lower learning rate.", parametrization, growing, slopes.size(), fastest);
    }
}
