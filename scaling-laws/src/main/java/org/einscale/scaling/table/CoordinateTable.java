package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.List;
import org.einscale.scaling.ScalingException;

/**
 * {@code coordinates.csv}: a row an activation, width and step. Columns: {@code parametrization}, {@code width}, {@code step} (steps
 * done), {@code value} (a layer, a step of one, or the logits), {@code size} (mean absolute value of its elements) and
 * {@code change} (mean absolute difference from what they were before the first step).
 */
public final class CoordinateTable {

    private static final List<String> HEADER = List.of("parametrization", "width", "step", "value", "size", "change");

    /** One row. */
    public record Row(String parametrization, int width, long step, String value, double size, double change) {}

    private CoordinateTable() {
    }

    /**
     * Replaces a file by these rows.
     *
     * @throws ScalingException where it cannot be written; the old file is then untouched
     */
    public static void write(Path file, List<Row> rows) {
        Csv.write(file, HEADER,
                rows.stream()
                        .map(row -> List.of(row.parametrization, Integer.toString(row.width), Long.toString(row.step),
                                row.value, Double.toString(row.size), Double.toString(row.change)))
                        .toList());
    }
}
