package org.einscale.experiments.config;

import java.util.List;
import java.util.OptionalLong;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.sweep.OnFailure;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Precision;
import org.einscale.trainer.ModelDefinition;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.task.Task;

/**
 * Every setting of one training, typed and checked. The meaning, unit and default of each is in {@code reference.conf},
 * whose sections these records repeat.
 *
 * @param seed the number from which every random number follows
 * @param data what is learned
 * @param model the model and the layers that the user wrote for it, known to make sense together
 * @param training one training
 * @param splitting over which devices it is split
 * @param shard what else there is to say of that
 * @param sweep how a ladder of sizes is run
 * @param fit how the law is fitted
 */
public record Settings(long seed, Data data, ModelDefinition model, Training training, Splitting splitting,
        Shard shard, Sweep sweep, Fit fit) {

    /** What is learned. */
    public sealed interface Data {
    }

    /** The task, and how many examples of it there are; 0: each is a new one. */
    public record OfTask(Task task, long examples) implements Data {}

    /** The source is {@code wordnet} or the path of a text file or folder. */
    public record Text(String source, double validationFraction, Tokenizer tokenizer) implements Data {
        /** The source that ships with the program. */
        public static final String WORDNET = "wordnet";
    }

    /** Vocabulary in tokens. */
    public record Tokenizer(TokenizerKind kind, int vocabulary) {}

    public enum TokenizerKind {
        BYTES, BPE
    }

    /** Batch in sequences, length in tokens. */
    public record Training(Budget budget, int batch, int microBatches, int length, LearningRate learningRate,
            Schedule schedule, Optimizer optimizer, long evaluateEvery, long evaluationTokens, long checkpointEvery,
            Precision precision) {}

    /**
     * How the learning rate goes: decay as a share of the steps, the minimum as a share of the peak.
     *
     * @param warmup as a share of the steps too, where it is not a number of them
     */
    public record Schedule(ScheduleKind kind, double warmup, OptionalLong warmupSteps, double decay, double minimum) {}

    public enum ScheduleKind {
        COSINE, WSD, CONSTANT
    }

    public enum OptimizerKind {
        ADAMW, SGD
    }

    /**
     * Presets that some of the rules come from; meshes that are compared, as texts; the file of a plan that takes the place of
     * mesh, rules and presets, empty for none; and whether exchanges that no rule asks for are refused.
     */
    public record Shard(List<String> presets, List<String> compared, String plan, boolean forbidsImplicit) {}

    /** Workers as set, 0 for one on each core, and what is done when a trial fails. */
    public record Sweep(int workers, OnFailure onFailure) {
        /** Trials that run side by side here. */
        public int atOnce() {
            return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
        }
    }

    /** The law, the columns of {@code runs.csv} that are its n and c, and bootstrap samples. */
    public record Fit(Form law, String n, String c, int bootstrap) {}
}
