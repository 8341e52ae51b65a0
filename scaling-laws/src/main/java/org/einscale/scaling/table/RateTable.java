package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.List;
import org.einscale.scaling.ScalingException;

/**
 * {@code learning-rates.csv}: a row a size whose learning rate was searched. Columns: {@code size} (the name of its first trial),
 * {@code n} (non-embedding parameters), {@code learning_rate} found, {@code tried} (number of rates), {@code lowest},
 * {@code highest} of them, {@code val_loss} (nats/token, of the best short training) and {@code enclosed} (whether rates on both sides
 * were worse).
 */
public final class RateTable {

    private static final List<String> HEADER = List.of("size", "n", "learning_rate", "tried", "lowest", "highest",
            "val_loss", "enclosed");

    /** One row. */
    public record Row(String size, long n, double rate, long tried, double lowest, double highest, double valLoss,
            boolean enclosed) {}

    private RateTable() {
    }

    /**
     * Replaces a file by these rows.
     *
     * @throws ScalingException where it cannot be written; the old file is then untouched
     */
    public static void write(Path file, List<Row> rows) {
        Csv.write(file, HEADER,
                rows.stream()
                        .map(row -> List.of(row.size, Long.toString(row.n), Double.toString(row.rate),
                                Long.toString(row.tried), Double.toString(row.lowest), Double.toString(row.highest),
                                Double.toString(row.valLoss), Boolean.toString(row.enclosed)))
                        .toList());
    }

    /**
     * Reads all rows.
     *
     * @throws ScalingException for a missing file, a missing column or a cell that is no number, with its line
     */
    public static List<Row> read(Path file) {
        return rows(Csv.read(file));
    }

    private static List<Row> rows(Csv csv) {
        csv.require(HEADER, RateTable::rows);
        return csv.rows().stream()
                .map(row -> new Row(row.cell(csv.column("size")), csv.count(row, "n"), csv.number(row, "learning_rate"),
                        csv.count(row, "tried"), csv.number(row, "lowest"), csv.number(row, "highest"),
                        csv.number(row, "val_loss"), Boolean.parseBoolean(row.cell(csv.column("enclosed")))))
                .toList();
    }
}
