package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.einscale.scaling.ScalingException;

/** {@code runs.csv}: a row a trial, columns as in {@link RunColumn}. */
public final class RunTable {

    static final List<String> HEADER = Arrays.stream(RunColumn.values()).map(RunColumn::column).toList();

    private RunTable() {
    }

    /**
     * Replaces a file by these rows.
     *
     * @throws ScalingException where it cannot be written; the old file is then untouched
     */
    public static void write(Path file, List<Run> runs) {
        Csv.write(file, HEADER, runs.stream().map(RunTable::cells).toList());
    }

    /**
     * Reads all rows.
     *
     * @throws ScalingException for a missing file, a missing column or a cell that is no number, with its line
     */
    public static List<Run> read(Path file) {
        return runs(Csv.read(file));
    }

    private static List<Run> runs(Csv csv) {
        csv.require(HEADER, RunTable::runs);
        return csv.rows().stream().map(row -> run(csv, row)).toList();
    }

    private static List<String> cells(Run run) {
        return Arrays.stream(RunColumn.values()).map(column -> column.cell(run)).toList();
    }

    static Run run(Csv csv, Csv.Row row) {
        var cells = new Cells(csv, row);
        return new Run(cells.text(RunColumn.TRIAL), cells.status(), cells.count(RunColumn.N),
                cells.count(RunColumn.N_TOTAL),
                cells.count(RunColumn.N_EMBEDDING), (int) cells.count(RunColumn.LAYERS),
                (int) cells.count(RunColumn.WIDTH),
                cells.count(RunColumn.TOKENS), cells.count(RunColumn.UNIQUE_TOKENS), cells.count(RunColumn.STEPS),
                cells.count(RunColumn.BATCH_TOKENS),
                cells.number(RunColumn.LEARNING_RATE), cells.count(RunColumn.SEED),
                cells.number(RunColumn.FLOPS_PROGRAM),
                cells.number(RunColumn.FLOPS_6ND), cells.number(RunColumn.FLOPS_ATTENTION),
                cells.number(RunColumn.TRAIN_LOSS), cells.number(RunColumn.VAL_LOSS),
                cells.number(RunColumn.VAL_BITS_PER_BYTE),
                cells.failedStep(), cells.text(RunColumn.FAILURE), cells.number(RunColumn.SECONDS),
                cells.number(RunColumn.TOKENS_PER_SECOND),
                cells.number(RunColumn.WARMUP_SECONDS));
    }

    /** The cells of one row by column. */
    private record Cells(Csv csv, Csv.Row row) {

        String text(RunColumn column) {
            return row.cell(csv.column(column.column()));
        }

        double number(RunColumn column) {
            return text(column).isEmpty() ? Double.NaN : csv.number(row, column.column());
        }

        long count(RunColumn column) {
            return csv.count(row, column.column());
        }

        OptionalLong failedStep() {
            return text(RunColumn.FAILED_STEP).isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(count(RunColumn.FAILED_STEP));
        }

        Run.Status status() {
            String word = text(RunColumn.STATUS);
            return Arrays.stream(Run.Status.values()).filter(status -> status.word().equals(word)).findFirst()
                    .orElseThrow(() -> new ScalingException(
                            String.format(Locale.ROOT, "%s, line %d: status must be finished or failed, found '%s'",
                                    csv.file(),
                                    row.line(), word)));
        }
    }
}
