package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A training step of a small GPT on meshes, under presets and pairs of them: the numbers of one device. */
class ShardedStepTest {
    private static final Model MODEL = Tiny
            .model("axes { d = 16, h = 4 }, layers = 2, dropout = 0.1").spec().build(8, 8, 24, true, 5);
    private static final TrainingProgram STEP = TrainingProgram.of(MODEL, new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=4 | data", "data=4 | zero1", "data=4|zero2", "data=4 | fsdp",
        "model=4 | megatron",
        "model=4 | sequence", "model=4 | vocabulary", "context=4 | context", "model=4 | megatron vocabulary",
        "model=4 | sequence vocabulary", "data=2,model=2 | data megatron", "data=2,model=2 | fsdp megatron",
        "data=4,model=2 | fsdp sequence", "data=2,model=4 | zero1 megatron vocabulary",
        "data=2,model=4 | fsdp vocabulary", "data=2,context=4 | data context", "data=2,context=2 | fsdp context",
        "model=2,context=2 | megatron context", "data=3 | data", "data=3 | fsdp"})
    void isTheSameOnAMesh(String mesh, String presets) {
        Program program = STEP.program();
        Partition partition = partition(mesh, presets);
        Map<Value, INDArray> given = Filling.of(program, MODEL.sizes(), 1);
        optimizerStates().forEach(state -> given.computeIfPresent(state, (_, array) -> array.mul(array)));
        given.put(STEP.step(), Nd4j.scalar(3.0));
        given.put(STEP.learningRate(), Nd4j.scalar(0.01));
        Interpreter.Run right = Interpreter.run(program, MODEL.sizes(), given);
        Map<Value, INDArray> found = new Lockstep(partition, given).run();
        found.forEach((value, array) -> {
            INDArray expected = Objects.requireNonNull(
                    (program.states().contains(value) ? right.states() : right.values()).get(value));
            assertThat(array.sub(expected).amaxNumber().doubleValue()).as("%s", value)
                    .isLessThan(1e-10 * (1 + expected.amaxNumber().doubleValue()));
        });
    }

    /** Each gradient is summed once: of V parameters a device sends 2 V (n - 1) / n numbers, and of each scalar. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void dataParallelSendsEachGradientOnce(int n) {
        Partition partition = partition("data=" + n, "data");
        long parameters = MODEL.parameters().stream().mapToLong(p -> MODEL.sizes().volume(p.value().axes())).sum();
        Map<Boolean, Long> bytes = bytesByScalar(partition);

        assertThat(bytes.get(false)).isEqualTo(2 * Float.BYTES * parameters * (n - 1) / n);
        assertThat(bytes.get(true)).isLessThanOrEqualTo(2L * 2 * Float.BYTES * (n - 1));
    }

    /**
     * Behind attention and behind the MLP of every layer, and before them on the way back (Shoeybi et al. 2019): gradients that
     * come to an input by way of queries, keys and values are added first, and those of norms are made of what was summed.
     */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void megatronReducesTwoActivationsALayerEachWay(int n) {
        Partition partition = partition("model=" + n, "megatron");
        List<Statement> reductions = partition.collectives().stream().filter(s -> !s.result().axes().isEmpty())
                .toList();
        long activation = 8 * 8 * 16;

        assertThat(reductions).hasSize(2 * (2 + 2)).allSatisfy(statement -> {
            assertThat(((Operation.Collective) statement.operation()).exchange()).isEqualTo(Exchange.ALL_REDUCE);
            assertThat(statement.result().axes()).extracting(Axis::name).containsExactly("b", "l", "d");
            assertThat(partition.bytes(statement)).isEqualTo(2 * Float.BYTES * activation * (n - 1) / n);
        });
    }

    private static Map<Boolean, Long> bytesByScalar(Partition partition) {
        return partition.collectives().stream().collect(Collectors.partitioningBy(s -> s.result().axes().isEmpty(),
                Collectors.summingLong(partition::bytes)));
    }

    static Partition partition(String mesh, String names) {
        List<Preset> presets = Stream.of(names.strip().split(" ")).map(Preset::of).toList();
        return Partition.of(STEP.program(), Context.of(MODEL.sizes()),
                Splitting.of(Mesh.of(mesh), List.of(), presets), optimizerStates());
    }

    private static Set<Value> optimizerStates() {
        Set<Value> states = new HashSet<>(STEP.program().states());
        MODEL.parameters().stream().map(Parameter::value).forEach(states::remove);
        return states;
    }
}
