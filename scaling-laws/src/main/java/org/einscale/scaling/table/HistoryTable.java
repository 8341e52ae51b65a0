package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.List;
import org.einscale.scaling.ScalingException;

/**
 * {@code history.csv}: a row an evaluation. Columns: {@code trial}, {@code n} (non-embedding parameters), {@code step},
 * {@code tokens} (training tokens seen), {@code train_loss} and {@code val_loss} (nats/token).
 */
public final class HistoryTable {

    private static final List<String> HEADER = List.of("trial", "n", "step", "tokens", "train_loss", "val_loss");

    /**
     * One row.
     *
     * @param trial name of the trial
     * @param n its non-embedding parameters
     * @param evaluation what was measured
     */
    public record Row(String trial, long n, Evaluation evaluation) {}

    private HistoryTable() {
    }

    /**
     * Replaces a file by these rows.
     *
     * @throws ScalingException where it cannot be written; the old file is then untouched
     */
    public static void write(Path file, List<Row> rows) {
        Csv.write(file, HEADER, rows.stream().map(HistoryTable::cells).toList());
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
        csv.require(HEADER, HistoryTable::rows);
        return csv.rows().stream().map(row -> row(csv, row)).toList();
    }

    private static List<String> cells(Row row) {
        Evaluation e = row.evaluation;
        return List.of(row.trial, Long.toString(row.n), Long.toString(e.step()), Long.toString(e.tokens()),
                number(e.trainLoss()),
                number(e.valLoss()));
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    private static Row row(Csv csv, Csv.Row row) {
        boolean trained = !row.cell(csv.column("train_loss")).isEmpty();
        return new Row(row.cell(csv.column("trial")), csv.count(row, "n"),
                new Evaluation(csv.count(row, "step"), csv.count(row, "tokens"),
                        trained ? csv.number(row, "train_loss") : Double.NaN, csv.number(row, "val_loss")));
    }
}
