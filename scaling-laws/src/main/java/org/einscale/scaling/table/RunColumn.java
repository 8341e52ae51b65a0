package org.einscale.scaling.table;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;

/** The columns of {@code runs.csv} in their order: the one place that says what each is called and which unit it has. */
public enum RunColumn {
    // One column a line, which the formatter would undo.
    // @formatter:off
    TRIAL("", "name of the trial", Run::trial),
    STATUS("", "finished or failed", run -> run.status().word()),
    N("parameters", "non-embedding parameters N", run -> text(run.n())),
    N_TOTAL("parameters", "all parameters", run -> text(run.nTotal())),
    N_EMBEDDING("parameters", "parameters of embeddings, n_total - n", run -> text(run.nEmbedding())),
    LAYERS("", "blocks", run -> text(run.layers())),
    WIDTH("", "model width d", run -> text(run.width())),
    TOKENS("tokens", "training tokens D of the whole run", run -> text(run.tokens())),
    UNIQUE_TOKENS("tokens", "training tokens seen for the first time", run -> text(run.uniqueTokens())),
    STEPS("steps", "optimizer steps of the whole run", run -> text(run.steps())),
    BATCH_TOKENS("tokens", "tokens a step", run -> text(run.batchTokens())),
    LEARNING_RATE("", "peak learning rate", run -> text(run.learningRate())),
    SEED("", "seed of every random number", run -> text(run.seed())),
    FLOPS_PROGRAM("FLOP", "operations of the whole run, counted from the program", run -> text(run.flopsProgram())),
    FLOPS_6ND("FLOP", "the estimate 6 N D", run -> text(run.flops6nd())),
    FLOPS_ATTENTION("FLOP", "the estimate 6 N D with attention, 12 L d T a token", run -> text(run.flopsAttention())),
    TRAIN_LOSS("nats/token", "training loss of the last step, before its update", run -> text(run.trainLoss())),
    VAL_LOSS("nats/token", "last validation loss", run -> text(run.valLoss())),
    VAL_BITS_PER_BYTE("bits/byte", "last validation loss per byte of text", run -> text(run.valBitsPerByte())),
    FAILED_STEP("step", "where a failed trial stopped", run -> text(run.failedStep())),
    FAILURE("", "why a failed trial stopped", Run::failure),
    SECONDS("s", "training time", run -> text(run.seconds())),
    TOKENS_PER_SECOND("tokens/s", "training speed after warm-up", run -> text(run.tokensPerSecond())),
    WARMUP_SECONDS("s", "time until the speed was steady", run -> text(run.warmupSeconds()));
    // @formatter:on

    private final String unit;
    private final String meaning;
    private final Function<Run, String> cell;

    RunColumn(String unit, String meaning, Function<Run, String> cell) {
        this.unit = unit;
        this.meaning = meaning;
        this.cell = cell;
    }

    /** The name in the file's first line. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The unit, empty where there is none. */
    public String unit() {
        return unit;
    }

    /** What the column holds. */
    public String meaning() {
        return meaning;
    }

    /** What the column holds, with its unit. */
    public String label() {
        return unit.isEmpty() || meaning.contains(unit) ? meaning : meaning + " (" + unit + ")";
    }

    /** The cell of a run, empty where there is nothing to tell. */
    public String cell(Run run) {
        return cell.apply(run);
    }

    private static String text(long value) {
        return Long.toString(value);
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? text(value.getAsLong()) : "";
    }

    private static String text(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }
}
