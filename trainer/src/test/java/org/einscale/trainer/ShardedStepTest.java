package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A training step of a small GPT on meshes, under presets and pairs of them: the numbers of one device. */
@Tag("once")
class ShardedStepTest {
    private static final Model MODEL = Tiny
            .model("axes { d = 16, h = 4 }, layers = 2, dropout = 0.1").spec().build(8, 8, 24, true, 5);
    private static final TrainingProgram STEP = TrainingProgram.of(MODEL, new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0));

    /** A step with all gradients among its outputs, and what it comes to on one device. */
    private record Compared(Model model, TrainingProgram step, Program program, Interpreter.Run right) {
        static Compared of(Model model, Optimizer optimizer) {
            TrainingProgram step = TrainingProgram.of(model, optimizer);
            ProgramBuilder builder = new ProgramBuilder(step.program());
            Gradient.of(model.program(), model.loss(), model.parameters().stream().map(Parameter::value).toList()).of()
                    .values().forEach(builder::output);
            Program program = builder.build();
            return new Compared(model, step, program,
                    Interpreter.run(program, model.sizes(), given(model, step)));
        }

        /** What devices come to, every gradient, state and loss. */
        void isTheSame(Partition partition) {
            new Lockstep(partition, given(model, step)).run().forEach((value, array) -> {
                INDArray expected = Objects.requireNonNull(
                        (program.states().contains(value) ? right.states() : right.values()).get(value));
                assertThat(array.sub(expected).amaxNumber().doubleValue()).as("%s", value)
                        .isLessThan(1e-10 * (1 + expected.amaxNumber().doubleValue()));
            });
        }

        Partition partition(String mesh, String names) {
            return ShardedStepTest.partition(program, model, step, mesh, names);
        }
    }

    /** What every device runs in turn. */
    private static final Compared SMALL = Compared.of(
            Tiny.model("axes { d = 8, h = 4, f = 12 }, layers = 1, dropout = 0.1").spec().build(8, 4, 12, true, 5),
            new Sgd(0.9, false, 0.1, 1));

    private static final Compared EXPERTS = Compared.of(
            Tiny.model("axes { d = 8, h = 4, e = 4, f = 12 }, layers = 1, block = [attention, moe]").spec()
                    .build(8, 4, 12, true, 5),
            new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0));

    /** Presets by the axis of the mesh that they split over; zero2 is zero1. */
    private static final NavigableMap<String, List<String>> ALONG = new TreeMap<>(
            Map.of("data", List.of("data", "zero1", "fsdp"), "model",
                    List.of("megatron", "sequence", "vocabulary"), "context", List.of("context")));

    /**
     * Every preset and every pair of presets along two axes, on 4 and 8 devices; those along one axis together; uneven parts.
     * There are 4 heads and 4 positions for the devices along an axis.
     */
    static Stream<Arguments> meshes() {
        List<Arguments> rows = new ArrayList<>(List.of(arguments("data=3", "data"), arguments("data=3", "fsdp"),
                arguments("data=8", "data"), arguments("data=8", "zero1"), arguments("data=8", "fsdp"),
                arguments("model=8", "vocabulary"),
                arguments("model=4", "megatron vocabulary"), arguments("model=4", "sequence vocabulary"),
                arguments("data=2,model=4", "zero1 megatron vocabulary"),
                arguments("data=2,model=2,context=2", "fsdp megatron context")));
        ALONG.forEach((first, names) -> names.forEach(preset -> {
            rows.add(arguments(first + "=4", preset));
            ALONG.tailMap(first, false).forEach((second, others) -> others.forEach(other -> {
                rows.add(arguments(first + "=2," + second + "=2", preset + " " + other));
                if (!(preset + other).equals("contextsequence")) {
                    rows.add(arguments(first + "=2," + second + "=4", preset + " " + other));
                }
            }));
        }));
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("meshes")
    void isTheSameOnAMesh(String mesh, String presets) {
        SMALL.isTheSame(SMALL.partition(mesh, presets));
    }

    /** Experts on different devices; each of the others gets tokens for its own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=4 | expert", "data=2 | expert", "data=2,model=2 | expert megatron",
        "data=2,model=2 | expert sequence vocabulary", "data=2,context=2 | expert context",
        "data=2,model=4 | expert megatron", "data=4,model=2 | expert sequence", "data=2,model=4 | expert vocabulary",
        "data=4,context=2 | expert context"})
    void expertsAreTheSameOnAMesh(String mesh, String presets) {
        Partition partition = EXPERTS.partition(mesh, presets);

        EXPERTS.isTheSame(partition);
        assertThat(partition.collectives())
                .anyMatch(s -> ((Operation.Collective) s.operation()).exchange() == Exchange.ALL_TO_ALL);
    }

    private static Map<Value, INDArray> given(Model model, TrainingProgram step) {
        Map<Value, INDArray> given = Filling.of(step.program(), model.sizes(), 1);
        optimizerStates(model, step).forEach(state -> given.computeIfPresent(state, (_, array) -> array.mul(array)));
        given.put(step.step(), Nd4j.scalar(3.0));
        given.put(step.learningRate(), Nd4j.scalar(0.01));
        return given;
    }

    /** To the experts and back, forward and backward: each device keeps what is for its own experts. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void tokensGoToExpertsAndBackEachWay(int n) {
        Partition partition = partition(EXPERTS.step().program(), EXPERTS.model(), EXPERTS.step(),
                "data=" + n, "expert");
        List<Statement> exchanges = partition.collectives().stream()
                .filter(s -> ((Operation.Collective) s.operation()).exchange() == Exchange.ALL_TO_ALL).toList();
        // 4 experts with a place for each of 8 sequences, of width 8.
        long tokens = 4 * 8 * 8;

        assertThat(exchanges).hasSize(4).allSatisfy(
                statement -> assertThat(partition.bytes(statement)).isEqualTo(Float.BYTES * tokens * (n - 1) / n / n));
        assertThat(partition.collectives()).noneMatch(s -> s.result().axes().stream().map(Axis::name).toList()
                .containsAll(List.of("e", "f")));
    }

    /** Every parameter is gathered forward, and backward but for the last, and every gradient scattered. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void fullyShardedSendsAtMostThreeTimesTheParameters(int n) {
        Partition partition = partition("data=" + n, "fsdp");
        long parameters = MODEL.parameters().stream().mapToLong(p -> MODEL.sizes().volume(p.value().axes())).sum();

        assertThat(bytesByScalar(partition).get(false))
                .isBetween(2 * Float.BYTES * parameters * (n - 1) / n, 3 * Float.BYTES * parameters * (n - 1) / n);
        assertThat(partition.collectives().stream().filter(s -> !s.result().axes().isEmpty())).noneMatch(
                s -> ((Operation.Collective) s.operation()).exchange() == Exchange.ALL_REDUCE);
    }

    /** What is reduced between blocks is scattered and gathered instead: as many bytes. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void zeroSendsAsDataParallelDoes(int n) {
        assertThat(bytesByScalar(partition("data=" + n, "zero1")).get(false))
                .isEqualTo(bytesByScalar(partition("data=" + n, "data")).get(false));
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

    /** Rows of positions that are split are gathered once, and activations are reduced as without. */
    @Test
    void splitRowsOfATableDoNotSplitTheActivations() {
        String rules = "h=model, f=model";
        Partition with = partition(rules + ", embedding.positions.l=model");
        Statement gathered = with.collectives().getFirst();

        assertThat(gathered.result().name()).isEqualTo("embedding.positions");
        assertThat(with.bytes()).isEqualTo(partition(rules).bytes() + with.bytes(gathered));
    }

    private static Partition partition(String rules) {
        return Partition.of(STEP.program(), Context.of(MODEL.sizes()),
                new Splitting(Rules.of(Mesh.of("model=4"), rules), true, Network.LOCAL), optimizerStates(MODEL, STEP));
    }

    private static Map<Boolean, Long> bytesByScalar(Partition partition) {
        return partition.collectives().stream().collect(Collectors.partitioningBy(s -> s.result().axes().isEmpty(),
                Collectors.summingLong(partition::bytes)));
    }

    static Partition partition(String mesh, String names) {
        return partition(STEP.program(), MODEL, STEP, mesh, names);
    }

    private static Partition partition(Program program, Model model, TrainingProgram step, String mesh, String names) {
        List<Preset> presets = Stream.of(names.strip().split(" ")).map(Preset::of).toList();
        return Partition.of(program, Context.of(model.sizes()),
                Splitting.of(Mesh.of(mesh), List.of(), presets), optimizerStates(model, step));
    }

    private static Set<Value> optimizerStates(Model model, TrainingProgram step) {
        Set<Value> states = new HashSet<>(step.program().states());
        model.parameters().stream().map(Parameter::value).forEach(states::remove);
        return states;
    }
}
