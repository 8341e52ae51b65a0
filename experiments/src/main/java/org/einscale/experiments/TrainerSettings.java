package org.einscale.experiments;

import java.nio.file.Path;
import java.util.function.Function;
import org.einscale.experiments.config.Budget;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.plan.PlanFile;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TaskData;
import org.einscale.trainer.TextData;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.optimizer.Schedule;
import org.einscale.trainer.text.BytePair;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;
import org.einscale.trainer.text.Tokenizer;

/** Says an experiment's settings in the trainer's terms; the only place where the two meet. */
public final class TrainerSettings {
    private TrainerSettings() {
    }

    /**
     * Draws the task, or reads, splits and encodes the text.
     *
     * @throws IllegalArgumentException in one line, if there is no such text or it is too short
     */
    public static TrainingData data(Settings settings) {
        return switch (settings.data()) {
            case Settings.Text text -> TextData.of(corpus(text.source()), text.validationFraction(),
                    tokenizer(text.tokenizer()), settings.seed());
            case Settings.OfTask task -> new TaskData(task.task(), task.examples(), settings.seed());
        };
    }

    private static Corpus corpus(String source) {
        return source.equals(Settings.Text.WORDNET) ? Corpus.wordNet() : Corpus.of(Path.of(source));
    }

    private static Function<Corpus, Tokenizer> tokenizer(Settings.Tokenizer tokenizer) {
        return switch (tokenizer.kind()) {
            case BYTES -> training -> new ByteTokenizer();
            case BPE -> training -> BytePair.train(training.documents(), tokenizer.vocabulary());
        };
    }

    /**
     * How the model is trained.
     *
     * @param machine that its steps are planned for
     */
    public static TrainingSpec training(Settings settings, Profile machine) {
        long steps = steps(settings, machine);
        return training(settings, machine, steps);
    }

    private static TrainingSpec training(Settings settings, Profile machine, long steps) {
        Settings.Training training = settings.training();
        return new TrainingSpec(training.batch(), training.microBatches(), training.length(), steps,
                training.learningRate().any(), schedule(training.schedule(), steps), training.optimizer(),
                training.evaluateEvery(), training.evaluationTokens(), training.checkpointEvery(),
                training.precision(), settings.seed(), machine, splitting(settings));
    }

    private static long steps(Settings settings, Profile machine) {
        Settings.Training training = settings.training();
        return switch (training.budget()) {
            case Budget.Steps steps -> steps.count();
            case Budget.Tokens tokens -> TrainingSpec.steps(tokens.count(), training.batch(), training.length());
            case Budget.Flops flops -> Math.max(1, Math.round(flops.count() / oneStep(settings, machine).flops()));
            case Budget.TokensPerParameter ratio -> TrainingSpec.steps(
                    (long) Math.ceil(
                            ratio.count() * oneStep(settings, machine).model().nonEmbeddingParameterCount()),
                    training.batch(), training.length());
        };
    }

    /** What a step takes does not depend on how many there are. */
    private static PlannedStep oneStep(Settings settings, Profile machine) {
        return step(settings, training(settings, machine, 1));
    }

    /** What a plan says if there is one, else mesh, rules and presets. */
    private static Splitting splitting(Settings settings) {
        String plan = settings.shard().plan();
        return plan.isEmpty() ? settings.splitting() : PlanFile.read(Path.of(plan)).splitting();
    }

    /**
     * A step of the training, planned without reading a text.
     *
     * @param machine
     *            that it is planned for
     */
    public static PlannedStep step(Settings settings, Profile machine) {
        return step(settings, training(settings, machine));
    }

    private static PlannedStep step(Settings settings, TrainingSpec spec) {
        return switch (settings.data()) {
            case Settings.Text text -> PlannedStep.of(settings.model().spec(), spec, text.tokenizer().vocabulary());
            case Settings.OfTask _ -> PreparedTraining.of(settings.model(), spec, data(settings)).step();
        };
    }

    private static Schedule schedule(Settings.Schedule schedule, long steps) {
        long warmup = schedule.warmupSteps().orElse(Math.round(schedule.warmup() * steps));
        return switch (schedule.kind()) {
            case COSINE -> new Schedule.WarmupCosine(warmup, steps, schedule.minimum());
            case WSD -> new Schedule.WarmupStableDecay(warmup, steps, Math.round(schedule.decay() * steps),
                    schedule.minimum());
            case CONSTANT -> new Schedule.Constant(warmup);
        };
    }
}
