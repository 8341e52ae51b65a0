package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.einscale.einsum.plan.Plan;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A training whose layers are dealt out to stages is the training of one device. */
@Isolated("counts the memory that all have allocated")
class PipelineTest {
    private static final int STEPS = 3;

    private static TrainingSpec spec(String mesh, String presets, int microBatches) {
        TrainingSpec tiny = Tiny.spec(STEPS);
        Splitting splitting = mesh.isBlank()
                ? Splitting.NONE
                : Splitting.of(Mesh.of(mesh), List.of(), Stream.of(presets.split(" ")).map(Preset::of).toList());
        return new TrainingSpec(tiny.batch(), microBatches, tiny.length(), tiny.steps(), tiny.learningRate(),
                tiny.schedule(), tiny.optimizer(), tiny.evaluateEvery(), tiny.evaluationTokens(),
                tiny.checkpointEvery(), Precision.DOUBLE, tiny.seed(), tiny.machine(), splitting);
    }

    private static PreparedTraining prepared(String model, TrainingSpec spec) {
        return PreparedTraining.of(Tiny.model(model), spec, Tiny.text());
    }

    private static double[] train(PreparedTraining prepared, Map<String, INDArray> states) {
        try (TrainingStep step = TrainingStep.of(prepared)) {
            double[] losses = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                losses[i] = step.run(i);
            }
            step.states().arrays().forEach((name, array) -> states.put(name, array.dup()));
            return losses;
        }
    }

    /** In float64: the head shares the embedding's table, which lies at the other end, and there is dropout. */
    @Tag("once")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"stage=2 | pipeline | 1", "stage=2 | pipeline | 4", "stage=3 | pipeline | 2",
        "stage=4 | pipeline | 4", "data=2,stage=2 | pipeline data | 2", "stage=2,model=2 | pipeline megatron | 2",
        "data=2,stage=2,model=2 | pipeline fsdp megatron vocabulary | 2"})
    void lossesAndStatesAreThoseOfOneDevice(String mesh, String presets, int microBatches) {
        String model = "layers = 3, dropout = 0.1";
        Map<String, INDArray> expected = new HashMap<>();
        double[] losses = train(prepared(model, spec("", "", 1)), expected);
        long before = TensorArena.allocatedBytes();
        Map<String, INDArray> found = new HashMap<>();

        assertThat(train(prepared(model, spec(mesh, presets, microBatches)), found)).containsExactly(losses,
                within(1e-10));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, array) -> assertThat(
                Objects.requireNonNull(found.get(name)).sub(array).amaxNumber().doubleValue()).as(name)
                .isLessThan(1e-9));
        assertThat(TensorArena.allocatedBytes()).isEqualTo(before);
    }

    /** Across each boundary go the residual stream of every sequence, and its cotangent on the way back. */
    @ParameterizedTest
    @CsvSource({"2, 1", "2, 4", "3, 2", "4, 4"})
    void aStageHandsOnOneActivationEachWay(int stages, int microBatches) {
        PreparedTraining prepared = prepared("layers = 4", spec("stage=" + stages, "pipeline", microBatches));
        Pipeline pipeline = prepared.step().pipeline();
        long activation = (long) prepared.spec().microBatch() * Tiny.LENGTH * 16;

        assertThat(pipeline.links().stream().filter(link -> link.value().axes().contains(new Axis("b"))))
                .hasSize(2 * (stages - 1) * microBatches)
                .allSatisfy(link -> assertThat(pipeline.sent(link)).isEqualTo(activation));
    }

    /** Each takes as many parts forward as there are stages behind it before the first comes back, and no more. */
    @Test
    void memoryOfAStageDoesNotGrowWithTheNumberOfParts() {
        assertThat(scratch(16)).isLessThan(scratch(4) * 3 / 2);
    }

    /** Of the first of two stages with so many parts of one sequence. */
    private static long scratch(int microBatches) {
        TrainingSpec tiny = spec("stage=2", "pipeline", 1);
        TrainingSpec spec = new TrainingSpec(microBatches, microBatches, 64, 1, 0.01, tiny.schedule(), tiny.optimizer(),
                0,
                64, 0, Precision.FLOAT, 1, tiny.machine(), tiny.splitting());
        Partition first = prepared("layers = 2", spec).step().pipeline().stages().getFirst();
        return Plan.compile(first.local(), first.sizes(0), Precision.FLOAT).scratchBytes();
    }

    @Test
    void aMeshAxisThatSplitsNoStageIsRefused() {
        Mesh mesh = Mesh.of("stage=2,expert=2");
        TrainingSpec spec = Tiny.spec(STEPS)
                .over(Splitting.of(mesh, Rules.of(mesh, "layers=stage, e=expert").rules(), List.of()));
        assertThatThrownBy(() -> prepared("", spec).step().pipeline()).isInstanceOf(ShardingError.class)
                .hasMessageStartingWith("no axis of the model is split along mesh axis 'expert', whose 2 devices");
    }
}
