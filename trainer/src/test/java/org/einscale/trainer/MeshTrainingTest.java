package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.file.Safetensors;
import org.einscale.tensor.memory.Arrays;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A training on several devices is the training of one. */
@Isolated("counts the memory that all have allocated")
class MeshTrainingTest {
    private static final int STEPS = 10;
    private static final ModelDefinition MODEL = Tiny.model("dropout = 0.1");
    private static final double[] LOSSES = losses(Splitting.NONE);

    private static Splitting splitting(String mesh, String presets) {
        return Splitting.of(Mesh.of(mesh), List.of(), Stream.of(presets.split(" ")).map(Preset::of).toList());
    }

    private static TrainingStep step(ModelDefinition model, Splitting splitting) {
        return TrainingStep.of(PreparedTraining.of(model, Tiny.spec(STEPS).over(splitting), Tiny.text()));
    }

    private static double[] losses(Splitting splitting) {
        return losses(MODEL, splitting);
    }

    private static double[] losses(ModelDefinition model, Splitting splitting) {
        try (TrainingStep step = step(model, splitting)) {
            double[] losses = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                losses[i] = step.run(i);
            }
            return losses;
        }
    }

    /** Every preset for which no other layers are needed, and some together. Without the same dropout even the first loss would differ. */
    @Tag("once")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=2 | data", "data=4 | zero1", "data=2 | zero2", "data=3 | fsdp",
        "model=2 | megatron", "model=2 | sequence", "model=2 | vocabulary", "model=2 | sequence vocabulary",
        "context=4 | context", "stage=2 | pipeline", "data=2,model=2 | fsdp megatron vocabulary"})
    void lossesAreThoseOfOneDevice(String mesh, String presets) {
        long before = TensorArena.allocatedBytes();
        double[] losses = losses(splitting(mesh, presets));

        assertThat(losses).containsExactly(LOSSES, within(1e-4));
        assertThat(losses).isEqualTo(losses(splitting(mesh, presets)));
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void expertsOnDevicesLearnAsOnOne() {
        ModelDefinition experts = Tiny.model("axes { d = 16, h = 2, e = 4 }, block = [attention, moe]");

        double[] losses = losses(experts, splitting("data=4", "expert"));

        assertThat(losses).containsExactly(losses(experts, Splitting.NONE), within(1e-4));
        assertThat(losses[STEPS - 1]).isLessThan(losses[0]);
    }

    @Test
    void aStepIsNotCutShortByAnInterruptThatStaysKnown() {
        try (TrainingStep step = step(MODEL, splitting("data=2", "data"))) {
            Thread.currentThread().interrupt();
            double loss = step.run(0);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(loss).isCloseTo(LOSSES[0], within(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=4 | fsdp", "model=2 | megatron vocabulary",
        "data=3,model=2 | fsdp sequence"})
    void firstWeightsAreThoseOfOneDeviceBitByBit(String mesh, String presets) {
        try (TrainingStep one = step(MODEL, Splitting.NONE);
                TrainingStep many = step(MODEL, splitting(mesh, presets))) {
            same(many.states().arrays(), one.states().arrays());
        }
    }

    private static void same(Map<String, INDArray> found, Map<String, INDArray> expected) {
        assertThat(found.keySet()).containsExactlyElementsOf(expected.keySet());
        expected.forEach((name, array) -> assertThat(content(Objects.requireNonNull(found.get(name)))).as(name)
                .isEqualTo(content(array)));
    }

    private static byte[] content(INDArray array) {
        INDArray plain = array.dup('c');
        return Raw.MEMORY.asSlice(Arrays.addressOf(plain), plain.length() * plain.dataType().width())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    /** Stops after five steps on one mesh, and goes on on another. */
    @Tag("once")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=4 | fsdp | model=2 | megatron vocabulary",
        "data=3,model=2 | zero1 sequence | data=2 | data", "stage=2 | pipeline | data=2 | fsdp",
        "data=2 | data | stage=2,model=2 | pipeline megatron"})
    void aCheckpointOfOneMeshGoesOnOnAnother(String mesh, String presets, String otherMesh, String otherPresets,
            @TempDir Path folder) throws Exception {
        stopAfterFive(splitting(mesh, presets), folder);
        Map<String, INDArray> kept = Safetensors.read(folder.resolve(Checkpoint.FILE)).arrays();
        try (Training one = training(Splitting.NONE, folder);
                Training other = training(splitting(otherMesh, otherPresets), folder)) {
            same(other.states().arrays(), one.states().arrays());
            other.states().arrays().forEach((name, state) -> assertThat(state).isEqualTo(kept.get(name)));

            TrainingResult result = other.run();
            assertThat(result.steps()).isEqualTo(STEPS);
            assertThat(result.trainLoss()).isCloseTo(LOSSES[STEPS - 1], within(1e-4));
            assertThat(Files.exists(folder.resolve(SavedModel.FILE))).isTrue();
        }
    }

    private static Training training(Splitting splitting, Path folder) {
        return new Training(MODEL, Tiny.spec(STEPS).over(splitting), Tiny.text(), Optional.of(folder),
                TrainingListener.NONE);
    }

    private static void stopAfterFive(Splitting splitting, Path folder) {
        TrainingListener stop = new TrainingListener() {
            @Override
            public void progress(long step, long steps, double loss, double tokensPerSecond) {
                if (step == 5) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (Training training = new Training(MODEL, Tiny.spec(STEPS).over(splitting), Tiny.text(),
                Optional.of(folder), stop)) {
            assertThatThrownBy(training::run).isInstanceOf(TrainingInterrupted.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** A batch of 4 sequences, and 2 heads. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data=8 | data | rule b=data: axis 'b' of tokens [b l] has 4 elements for the 8 devices along data",
        "model=4 | megatron | rule h=model: axis 'h' of "})
    void aMeshThatIsTooLargeIsRefused(String mesh, String presets, String message) {
        long before = TensorArena.allocatedBytes();

        assertThatThrownBy(() -> step(MODEL, splitting(mesh, presets))).isInstanceOf(ShardingError.class)
                .hasMessageStartingWith(message).hasMessageContaining(
                        "expected at least one each: make that side of the mesh smaller");
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    @Test
    void aMeshAxisThatSplitsNothingIsRefused() {
        Mesh mesh = Mesh.of("data=2, expert=3");
        Splitting splitting = Splitting.of(mesh, Rules.of(mesh, "b=data, e=expert").rules(), List.of());

        assertThatThrownBy(() -> step(MODEL, splitting)).isInstanceOf(ShardingError.class).hasMessageStartingWith(
                "no axis of the model is split along mesh axis 'expert', whose 3 devices would all do the same;"
                        + " the rules are b=data, e=expert, the axes b, d, ");
    }
}
