package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;

/**
 * Points for a fit from any CSV file with a column of sizes and a column of losses.
 *
 * @param points the rows with both
 * @param rows number of rows of the table
 * @param failed number of rows left out because their column {@code status} says failed
 * @param invalid what is wrong with each other row left out, with its line
 * @param sizeLabel what the sizes are: the meaning of the column in a run's table, its name in any other
 * @param lossLabel what the losses are, likewise
 */
public record CsvPoints(List<Point> points, int rows, int failed, List<String> invalid, String sizeLabel,
        String lossLabel) {

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
        CsvPoints table = readValid(file, nColumn, lossColumn);
        if (!table.invalid.isEmpty()) {
            throw new ScalingException(table.invalid.getFirst());
        }
        return table.points;
    }

    /**
     * The same, but rows without a positive number in both columns are left out and told.
     *
     * @throws ScalingException for a missing or empty file, a missing column, or a table of failed rows alone
     */
    public static CsvPoints readValid(Path file, String nColumn, String lossColumn) {
        return readValid(Csv.read(file), nColumn, lossColumn);
    }

    private static CsvPoints readValid(Csv csv, String nColumn, String lossColumn) {
        csv.require(List.of(nColumn, lossColumn), other -> readValid(other, nColumn, lossColumn).requirePoints());
        List<Csv.Row> rows = csv.rows().stream().filter(row -> !failed(csv, row)).toList();
        if (rows.isEmpty()) {
            throw new ScalingException(csv.file()
                    + (csv.rows().isEmpty() ? " has column names but no rows" : " has only rows with status failed"));
        }
        var points = new ArrayList<Point>();
        var invalid = new ArrayList<String>();
        for (Csv.Row row : rows) {
            try {
                points.add(new Point(positive(csv, row, nColumn), tokens(csv, row), positive(csv, row, lossColumn)));
            } catch (ScalingException problem) {
                invalid.add(String.valueOf(problem.getMessage()));
            }
        }
        return new CsvPoints(List.copyOf(points), csv.rows().size(), csv.rows().size() - rows.size(),
                List.copyOf(invalid), label(csv, nColumn), label(csv, lossColumn));
    }

    private void requirePoints() {
        if (points.isEmpty()) {
            throw new ScalingException(invalid.getFirst());
        }
    }

    private static boolean failed(Csv csv, Csv.Row row) {
        return csv.findColumn(RunColumn.STATUS.column())
                .filter(column -> row.cell(column).equalsIgnoreCase(Run.Status.FAILED.word())).isPresent();
    }

    private static String label(Csv csv, String column) {
        return csv.header().equals(RunTable.HEADER)
                ? RunColumn.values()[csv.column(column)].label()
                : column;
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
