package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training of two matrices, and what devices exchange for it. */
class PartitionTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 8, "d", 4, "f", 12));

    /** {@code x + down(sin(up(x)))}, its loss, and a step of both matrices that keeps a moment of each. */
    private static Program training() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "b d");
        Value up = b.state("up", "d f");
        Value down = b.state("down", "f d");
        Value hidden = b.apply(Unary.SIN, b.einsum("b d, d f -> b f", x, up));
        Value y = b.add(x, b.einsum("b f, f d -> b d", hidden, down));
        Value loss = b.reduce(Reduction.SUM, b.multiply(y, y), List.of());
        b.output(loss);
        Gradient.Result gradient = Gradient.of(b.build(), loss, List.of(up, down));
        ProgramBuilder more = new ProgramBuilder(gradient.program());
        for (Value w : List.of(up, down)) {
            Value moment = more.stateLike(w.name() + ".m", w);
            Value next = more.map(constant(0.5).times(operand(0)).plus(operand(1)), moment,
                    Objects.requireNonNull(gradient.of().get(w)));
            more.update(moment, next);
            more.update(w, more.map(operand(0).minus(operand(1)), w, next));
        }
        return more.build();
    }

    private static Partition partition(String mesh, Preset preset) {
        Program program = training();
        Set<Value> moments = program.states().stream().filter(s -> s.name().endsWith(".m"))
                .collect(Collectors.toSet());
        return Partition.of(program, Context.of(SIZES), Splitting.of(Mesh.of(mesh), List.of(), List.of(preset)),
                moments);
    }

    /** Exchanges of all but scalars, in the order of the program. */
    private static String exchanges(Partition partition) {
        return partition.collectives().stream().filter(s -> !s.result().axes().isEmpty()).map(PartitionTest::text)
                .collect(Collectors.joining(", "));
    }

    private static String text(Statement statement) {
        return ((Operation.Collective) statement.operation()).exchange().name().toLowerCase(java.util.Locale.ROOT) + " "
                + statement.result().name();
    }

    /** Data parallel sums gradients; ZeRO scatters them and gathers the new parameters; FSDP gathers before every use. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=2 | DATA | all_reduce d_down, all_reduce d_up",
        "model=2 | MEGATRON | all_reduce einsum"})
    void exchangesAreThoseOfThePapers(String mesh, Preset preset, String exchanges) {
        assertThat(exchanges(partition(mesh, preset))).isEqualTo(exchanges);
    }

    @ParameterizedTest
    @CsvSource({"ZERO1, 2, 2", "ZERO2, 2, 2", "FSDP, 2, 3"})
    void splitStatesScatterGradientsAndGatherParameters(Preset preset, int scatters, int gathers) {
        Partition partition = partition("data=4", preset);

        assertThat(count(partition, Exchange.REDUCE_SCATTER)).isEqualTo(scatters);
        assertThat(count(partition, Exchange.ALL_GATHER)).isEqualTo(gathers);
        assertThat(partition.collectives().stream().filter(s -> s.operation() instanceof Operation.Collective c
                && c.exchange() == Exchange.ALL_REDUCE)).allMatch(s -> s.result().axes().isEmpty());
    }

    private static long count(Partition partition, Exchange exchange) {
        return partition.collectives().stream()
                .filter(s -> s.operation() instanceof Operation.Collective c && c.exchange() == exchange).count();
    }

    /** 2 V (n - 1) / n for each gradient, and for the loss. */
    @ParameterizedTest
    @CsvSource({"2", "4", "8"})
    void bytesOfDataParallelAreThoseOfTheFormula(int n) {
        Partition partition = partition("data=" + n, Preset.DATA);

        assertThat(partition.bytes() - scalars(partition)).isEqualTo(2L * 4 * (2 * 48) * (n - 1) / n);
        assertThat(partition.decisions()).hasSameSizeAs(partition.collectives());
    }

    private static long scalars(Partition partition) {
        return partition.collectives().stream().filter(s -> s.result().axes().isEmpty()).mapToLong(partition::bytes)
                .sum();
    }

    /** The memory of a device follows from the sizes of its axes. */
    @Test
    void statesAreSplitAsTheRulesSay() {
        Partition fsdp = partition("data=4", Preset.FSDP);
        Partition zero = partition("data=4", Preset.ZERO1);
        Value up = fsdp.whole().states().getFirst();

        assertThat(fsdp.sharding(up)).hasToString("[* data]");
        assertThat(zero.sharding(up)).hasToString("[* *]");
        assertThat(fsdp.block(up, 2).starts()).containsExactly(0, 6);
        assertThat(fsdp.block(up, 2).sizes()).containsExactly(4, 3);
        assertThat(zero.sharding(zero.whole().states().getLast())).hasToString("[data *]");
    }

    /** What a state becomes is wanted as the state is, but a state is as its own rule says. */
    @Test
    void aStateThatAnotherBecomesKeepsItsOwnRule() {
        ProgramBuilder b = new ProgramBuilder();
        Value w = b.state("w", "d f");
        Value old = b.state("old", "d f");
        b.update(old, w);
        b.update(w, b.map(operand(0).plus(operand(1)), w, b.input("x", "d f")));
        b.output(w);
        Rules rules = Rules.of(Mesh.of("data=2"), "optimizer.*=data");
        Partition partition = Partition.of(b.build(), Context.of(SIZES), new Splitting(rules, true, Network.LOCAL),
                Set.of(old));

        assertThat(partition.sharding(w)).hasToString("[* *]");
        assertThat(partition.sharding(old)).hasToString("[* data]");
        assertThat(partition.collectives()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data=2,q=2 | b=data, z=q | [q]", "data=2,q=2 | b=data, d=q | []",
        "data=2,q=1 | b=data | []"})
    void meshAxesThatSplitNothingAreKnown(String mesh, String rules, String idle) {
        Partition partition = Partition.of(training(), Context.of(SIZES),
                new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());

        assertThat(partition.idle()).hasToString(idle);
    }
}
