package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.einscale.tensor.file.ArrayFileException;
import org.einscale.tensor.memory.Arrays;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class CheckpointTest {
    /** Interrupts its own thread after a step, as someone who stops a sweep does. */
    private record StopAfter(long last) implements TrainingListener {
        @Override
        public void progress(long step, long steps, double loss, double tokensPerSecond) {
            if (step == last) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void runUntil(long step, ModelDefinition model, TrainingSpec spec, Path folder) {
        try (Training training = new Training(model, spec, Tiny.text(), Optional.of(folder),
                new StopAfter(step))) {
            assertThatThrownBy(training::run).isInstanceOf(TrainingInterrupted.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static TrainingResult runToTheEnd(ModelDefinition model, Path folder) {
        return runToTheEnd(model, Tiny.spec(10), folder);
    }

    private static TrainingResult runToTheEnd(ModelDefinition model, TrainingSpec spec, Path folder) {
        try (Training training = new Training(model, spec, Tiny.text(), Optional.of(folder),
                TrainingListener.NONE)) {
            return training.run();
        }
    }

    private static byte[] content(INDArray array) {
        return Raw.MEMORY.asSlice(Arrays.addressOf(array), array.length() * array.dataType().width())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    private static void goesOnBitByBit(ModelDefinition model, long stopped, Path folder) throws IOException {
        TrainingResult straight = runToTheEnd(model, folder.resolve("straight"));
        runUntil(stopped, model, Tiny.spec(10), folder.resolve("stopped"));
        TrainingResult resumed = runToTheEnd(model, folder.resolve("stopped"));

        assertThat(resumed.history().stream().map(Tiny::untimed))
                .isEqualTo(straight.history().stream().map(Tiny::untimed).toList());
        assertThat(Files.readAllBytes(folder.resolve("stopped").resolve(SavedModel.FILE)))
                .isEqualTo(Files.readAllBytes(folder.resolve("straight").resolve(SavedModel.FILE)));
    }

    @Test
    void fiveStepsAndFiveMoreAreTen(@TempDir Path folder) throws IOException {
        goesOnBitByBit(Tiny.model(), 5, folder);
    }

    @Test
    void anIntervalCutInTheMiddleMakesNoDifference(@TempDir Path folder) throws IOException {
        goesOnBitByBit(Tiny.model(), 7, folder);
    }

    @Test
    void dropoutGoesOnWhereItWas(@TempDir Path folder) throws IOException {
        goesOnBitByBit(Tiny.model("dropout = 0.2"), 3, folder);
    }

    private static List<Arguments> optimizers() {
        return List.of(arguments(new AdamW(0.9, 0.95, 1e-8, 0.1, 1), List.of("m", "v")),
                arguments(new Sgd(0.9, true, 0.1, 1), List.of("u")));
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("optimizers")
    void theOptimizersStatesGoOnBitByBit(Optimizer optimizer, List<String> names, @TempDir Path folder) {
        TrainingSpec spec = Tiny.spec(10, 0.01, Tiny.LENGTH, optimizer);
        runToTheEnd(Tiny.model(), spec, folder.resolve("straight"));
        runUntil(5, Tiny.model(), spec, folder.resolve("stopped"));
        runToTheEnd(Tiny.model(), spec, folder.resolve("stopped"));

        try (Training straight = Tiny.training(spec, folder.resolve("straight"));
                Training stopped = Tiny.training(spec, folder.resolve("stopped"))) {
            var states = straight.states().arrays();
            long numbers = states.values().stream().mapToLong(INDArray::length).sum();
            assertThat(numbers).as("parameters and states of each")
                    .isEqualTo((1 + names.size()) * straight.parameters());
            assertThat(states.keySet()).containsAll(names.stream().map("embedding.tokens."::concat).toList());
            states.forEach((name, state) -> assertThat(content(stopped.states().array(name))).as(name)
                    .isEqualTo(content(state)));
        }
    }

    @Test
    void aFinishedTrainingTellsItsResultAgain(@TempDir Path folder) {
        TrainingResult first = runToTheEnd(Tiny.model(), folder);
        TrainingResult again = runToTheEnd(Tiny.model(), folder);

        assertThat(again.history()).isEqualTo(first.history());
        assertThat(again.time()).isEqualTo(first.time());
    }

    @Test
    void anotherTrainingIsRefusedNamingWhatDiffers(@TempDir Path folder) {
        runToTheEnd(Tiny.model(), folder);

        assertThatThrownBy(() -> Tiny.training(Tiny.spec(10, 0.02), folder))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(
                        "%s is of another training: learning rate is 0.01 there and 0.02 here; use another folder or the same settings"
                                .formatted(folder.resolve(Checkpoint.FILE)));
    }

    @Test
    void aBrokenFileIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(Checkpoint.FILE), "not a checkpoint");

        assertThatThrownBy(() -> Tiny.training(Tiny.spec(10), folder)).isInstanceOf(ArrayFileException.class)
                .hasMessageContaining(Checkpoint.FILE).hasMessageNotContaining("\n");
    }
}
