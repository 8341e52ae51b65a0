package org.einscale.trainer;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.tensor.Precision;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Schedule;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;

/** A model, a text and a training small enough for tests. */
final class Tiny {
    static final int LENGTH = 16;

    private Tiny() {
    }

    static ModelDefinition model(String overrides) {
        return model(overrides, "");
    }

    static ModelDefinition model(String overrides, String layers) {
        return new ModelDefinition(ConfigFactory.parseString(overrides).withFallback(ConfigFactory.parseString("""
                axes { d = 16, h = 2 }
                layers = 1
                block = [attention, mlp]
                """)), ConfigFactory.parseString(layers));
    }

    static ModelDefinition model() {
        return model("");
    }

    /** Sentences that differ in little, so that a small model soon knows them. */
    static TextData text() {
        List<String> animals = List.of("cat", "dog", "cow", "fox");
        List<String> places = List.of("mat", "hill", "roof", "road", "wall");
        List<String> sentences = IntStream.range(0, 60)
                .mapToObj(i -> String.format(Locale.ROOT, "the %s sat on the %s %d", animals.get(i % 4),
                        places.get(i % 5), i))
                .toList();
        return TextData.of(Corpus.of("sentences", "\n", sentences), 0.2, part -> new ByteTokenizer(), 1);
    }

    static TrainingSpec spec(long steps) {
        return spec(steps, 0.01);
    }

    static TrainingSpec spec(long steps, double learningRate) {
        return spec(steps, learningRate, LENGTH);
    }

    static TrainingSpec spec(long steps, double learningRate, int length) {
        return spec(steps, learningRate, length, new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0));
    }

    static TrainingSpec spec(long steps, double learningRate, int length, Optimizer optimizer) {
        return new TrainingSpec(4, length, steps, learningRate, new Schedule.Constant(2), optimizer, 5, 128, 0,
                Precision.FLOAT, 7);
    }

    /** The spec measured at another interval. */
    static TrainingSpec measured(TrainingSpec spec, long evaluateEvery) {
        return new TrainingSpec(spec.batch(), spec.length(), spec.steps(), spec.learningRate(), spec.schedule(),
                spec.optimizer(), evaluateEvery, spec.evaluationTokens(), spec.checkpointEvery(), spec.precision(),
                spec.seed());
    }

    static Training training(TrainingSpec spec, Path folder) {
        return new Training(model(), spec, text(), Optional.of(folder), TrainingListener.NONE);
    }

    /** A measurement without its timing. */
    static LossPoint untimed(LossPoint m) {
        return new LossPoint(m.step(), m.tokens(), m.trainLoss(), m.validationLoss(), m.bitsPerByte(), 0);
    }
}
