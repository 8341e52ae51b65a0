package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;

/** Points for a fit from any CSV file with a column of sizes and a column of losses. */
public final class CsvPoints {

    private CsvPoints() {
    }

    /**
     * Reads the points. Rows whose column {@code status}, if there is one, says failed are left out. A column {@code tokens}, if
     * there is one, gives the training tokens; they are NaN where it holds no number, as a law of size alone does without.
     *
     * @param file the file
     * @param nColumn column with the sizes N, such as {@code n}
     * @param lossColumn column with the losses, such as {@code val_loss}
     * @throws ScalingException for a missing or empty file, a missing column (naming the nearest), a cell that is not a positive
     *         number (naming its line), or no row left
     */
    public static List<Point> read(Path file, String nColumn, String lossColumn) {
        Csv csv = Csv.read(file);
        csv.column(nColumn);
        csv.column(lossColumn);
        Optional<Integer> status = csv.findColumn(RunColumn.STATUS.column());
        String failed = Run.Status.FAILED.word();
        List<Csv.Row> rows = csv.rows().stream()
                .filter(row -> status.map(column -> !row.cell(column).equals(failed)).orElse(true)).toList();
        if (rows.isEmpty()) {
            throw new ScalingException(file
                    + (csv.rows().isEmpty() ? " has column names but no rows" : " has only rows with status failed"));
        }
        return rows.stream()
                .map(row -> new Point(positive(csv, row, nColumn), tokens(csv, row), positive(csv, row, lossColumn)))
                .toList();
    }

    private static double tokens(Csv csv, Csv.Row row) {
        String tokens = RunColumn.TOKENS.column();
        return csv.findColumn(tokens).flatMap(column -> Csv.finite(row.cell(column))).orElse(Double.NaN);
    }

    private static double positive(Csv csv, Csv.Row row, String column) {
        double value = csv.number(row, column);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ScalingException(
                    String.format(Locale.ROOT, "%s, line %d: column '%s' must be positive and finite, found '%s'",
                            csv.file(),
                            row.line(), column,
                            row.cell(csv.column(column))));
        }
        return value;
    }
}
