package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.trainer.text.ByteTokenizer;
import org.einscale.trainer.text.Corpus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the memory that all have allocated")
class TrainingTest {
    private static TrainingResult run(TrainingSpec spec) {
        try (Training training = new Training(Tiny.model(), spec, Tiny.text(), Optional.empty(),
                TrainingListener.NONE)) {
            return training.run();
        }
    }

    @Test
    void learnsATinyText() {
        TrainingResult result = run(Tiny.spec(150));

        assertThat(result.history().getFirst().trainLoss()).isBetween(Math.log(256) - 2.5, Math.log(256) + 1);
        assertThat(result.trainLoss()).isLessThan(1.2);
        assertThat(result.validationLoss()).isLessThan(1.5);
    }

    /** Half of what the power is given is 0, where a slope of it holds log(0). */
    @Test
    void aPowerWithALearnedExponentTrains() {
        ModelDefinition definition = Tiny.model("block = [mlp, bend]", """
                bend {
                  parameters { p { axes = "d", init = ones } }
                  steps = ["y = power(max(x, 0), p)"]
                }
                """);
        List<Double> losses = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void progress(long step, long all, double loss, double tokensPerSecond) {
                losses.add(loss);
            }
        };
        try (Training training = new Training(definition, Tiny.spec(20), Tiny.text(), Optional.empty(), listener)) {
            training.run();
        }
        assertThat(losses).hasSize(20).allSatisfy(loss -> assertThat(loss).isFinite());
        assertThat(losses.getLast()).isLessThan(losses.getFirst());
    }

    @Test
    void aByteIsATokenOfTheByteTokenizer() {
        TrainingResult result = run(Tiny.spec(3));

        assertThat(result.bitsPerByte()).isEqualTo(result.validationLoss() / Math.log(2));
    }

    @Test
    void theSameSettingsGiveTheSameNumbers() {
        assertThat(run(Tiny.spec(10)).history().stream().map(Tiny::untimed))
                .isEqualTo(run(Tiny.spec(10)).history().stream().map(Tiny::untimed).toList());
    }

    @Test
    void measuresAtEachIntervalAndAfterTheLastStep() {
        TrainingResult result = run(Tiny.spec(12));

        assertThat(result.history().stream().map(LossPoint::step)).containsExactly(5L, 10L, 12L);
        assertThat(result.history().stream().map(LossPoint::tokens)).containsExactly(320L, 640L, 768L);
        assertThat(result.steps()).isEqualTo(12);
        assertThat(result.tokens()).isEqualTo(12 * 4 * Tiny.LENGTH);
    }

    @Test
    void theTrainingLossIsThatOfTheLastStepHoweverOftenItIsMeasured() {
        List<Double> losses = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void progress(long step, long all, double loss, double tokensPerSecond) {
                losses.add(loss);
            }
        };
        TrainingSpec spec = Tiny.spec(12);
        try (Training training = new Training(Tiny.model(), spec, Tiny.text(), Optional.empty(), listener)) {
            TrainingResult result = training.run();

            assertThat(result.history().stream().map(LossPoint::trainLoss)).containsExactly(losses.get(4),
                    losses.get(9), losses.get(11));
        }
        for (long every : new long[]{0, 1, 7, 100}) {
            assertThat(run(Tiny.measured(spec, every)).trainLoss()).isEqualTo(losses.getLast());
        }
    }

    @Test
    void tellsEveryStep() {
        List<Long> steps = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void progress(long step, long all, double loss, double tokensPerSecond) {
                assertThat(all).isEqualTo(4);
                assertThat(loss).isBetween(0.0, 8.0);
                assertThat(tokensPerSecond).isPositive();
                steps.add(step);
            }
        };
        try (Training training = new Training(Tiny.model(), Tiny.spec(4), Tiny.text(), Optional.empty(), listener)) {
            training.run();
        }

        assertThat(steps).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aHopelessLearningRateDiverges(@TempDir Path folder) {
        TrainingSpec spec = Tiny.spec(200, 1e6);
        try (Training training = Tiny.training(spec, folder)) {
            assertThatThrownBy(training::run).isInstanceOfSatisfying(TrainingDiverged.class, diverged -> {
                assertThat(diverged.step()).isBetween(2L, 200L);
                assertThat(diverged.loss()).isNaN();
                assertThat(diverged).hasMessageContaining("at step " + diverged.step())
                        .hasMessageContaining("1000000.0");
            });
        }
    }

    @Test
    void anInterruptedTrainingKeepsACheckpointAndTheFlag(@TempDir Path folder) {
        try (Training training = Tiny.training(Tiny.spec(10), folder)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(training::run).isInstanceOf(TrainingInterrupted.class)
                    .hasMessage("interrupted after step 0 of 10");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(Checkpoint.read(folder)).hasValueSatisfying(found -> assertThat(found.step()).isZero());
        assertThat(folder).isDirectoryContaining(file -> Files.isRegularFile(file))
                .isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void aTrainingThatCannotStartGivesItsMemoryBack() {
        List<String> documents = IntStream.range(0, 50).mapToObj("%02d"::formatted).toList();
        TextData text = TextData.of(Corpus.of("hardly held out", "\n", documents), 0.1, part -> new ByteTokenizer(),
                1);
        TrainingSpec spec = Tiny.spec(1, 0.01, 2 * 16);
        long before = TensorArena.allocatedBytes();

        assertThatThrownBy(
                () -> new Training(Tiny.model(), spec, text, Optional.empty(), TrainingListener.NONE))
                .hasMessageContaining("sequence length 32 is too long for the text").hasMessageContaining("validation");
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aSequenceLongerThanTheTextIsRefused() {
        TextData text = TextData.of(Corpus.of("two lines", "\n", List.of("abc", "defg", "hi", "jklm")), 0.5,
                part -> new ByteTokenizer(), 1);

        assertThatThrownBy(() -> new Training(Tiny.model(), Tiny.spec(1), text, Optional.empty(),
                TrainingListener.NONE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence length 16 is too long for the text").hasMessageNotContaining("\n");
    }
}
