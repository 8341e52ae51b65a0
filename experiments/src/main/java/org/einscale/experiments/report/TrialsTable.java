package org.einscale.experiments.report;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.experiments.progress.Clock;
import org.einscale.scaling.Figures;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.TrialStatus;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.RunColumn;

/**
 * Trials as a table: the columns of {@code runs.csv} that hold anything, and of what has not ended yet as much as is known.
 *
 * @param trials a row each
 * @param now the moment that is told of
 */
record TrialsTable(List<TrialStatus> trials, Instant now) {
    private static final List<RunColumn> FIRST = List.of(RunColumn.N, RunColumn.TOKENS, RunColumn.VAL_LOSS,
            RunColumn.FAILURE, RunColumn.TRAIN_LOSS, RunColumn.LEARNING_RATE);
    private static final Set<String> COUNTED = Set.of("parameters", "tokens", "FLOP", "tokens/s");

    String html(String caption) {
        List<RunColumn> columns = Stream.concat(FIRST.stream(), Arrays.stream(RunColumn.values())).distinct()
                .filter(column -> column != RunColumn.TRIAL && column != RunColumn.STATUS)
                .filter(column -> trials.stream().anyMatch(trial -> !cell(trial, column).isEmpty())).toList();
        List<Html.Column> headings = Stream.concat(Stream.of(Html.Column.text("trial"), Html.Column.text("state")),
                columns.stream().map(column -> new Html.Column(column.column(), column.unit(), column.meaning(),
                        column != RunColumn.FAILURE)))
                .toList();
        return Html.table(caption, headings, trials.stream()
                .map(trial -> Stream.concat(
                        Stream.of(Html.Cell.of(trial.name()), Html.Cell.of(state(trial))),
                        columns.stream().map(column -> shown(column, cell(trial, column)))).toList())
                .toList());
    }

    private String state(TrialStatus trial) {
        TrialStatus.State state = trial.state(now);
        return switch (state) {
            case FINISHED, WAITING, FAILED -> word(state);
            case SILENT -> "begun, step " + trial.step() + " of " + trial.steps();
            case TRAINING -> "training, step " + trial.step() + " of " + trial.steps()
                    + trial.left().map(time -> ", " + Clock.text(time) + " left").orElse("");
        };
    }

    /** What a state is called. */
    static String word(TrialStatus.State state) {
        return state == TrialStatus.State.SILENT ? "begun" : state.name().toLowerCase(Locale.ROOT);
    }

    /** As in {@code runs.csv}; of a trial that has not ended, what is planned and what was measured last. */
    private static String cell(TrialStatus trial, RunColumn column) {
        return trial.run().map(column::cell).orElseGet(() -> switch (column) {
            case N -> Long.toString(trial.n());
            case TOKENS -> Long.toString(trial.tokens());
            case STEPS -> Long.toString(trial.steps());
            case BATCH_TOKENS -> Long.toString(trial.batchTokens());
            case TRAIN_LOSS -> number(trial.progress().map(Progress::trainLoss).orElse(Double.NaN));
            case VAL_LOSS -> number(trial.evaluations().stream().reduce((_, last) -> last).map(Evaluation::valLoss)
                    .orElse(Double.NaN));
            case TOKENS_PER_SECOND -> number(trial.progress().map(Progress::tokensPerSecond).orElse(Double.NaN));
            case TRIAL, STATUS, N_TOTAL, N_EMBEDDING, LAYERS, WIDTH, UNIQUE_TOKENS, LEARNING_RATE, SEED,
                    FLOPS_PROGRAM, FLOPS_6ND, FLOPS_ATTENTION, VAL_BITS_PER_BYTE, FAILED_STEP, FAILURE, SECONDS,
                    WARMUP_SECONDS ->
                "";
        });
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    private static Html.Cell shown(RunColumn column, String cell) {
        if (cell.isEmpty() || column == RunColumn.FAILURE) {
            return Html.Cell.of(cell);
        }
        if (COUNTED.contains(column.unit())) {
            return new Html.Cell(Figures.count(Double.parseDouble(cell)), cell);
        }
        return cell.matches("-?\\d+") ? Html.Cell.of(cell) : new Html.Cell(Figures.of(Double.parseDouble(cell)), cell);
    }
}
