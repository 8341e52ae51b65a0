package org.einscale.sharding.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.collective.Exchanged;
import org.einscale.sharding.partition.Expected;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device counts is held against what was predicted, and another number ends the run. */
class AuditTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 5, "d", 8, "f", 16, "l", 128, "m", 128, "k", 16));

    private static Partition partition(Program program, String mesh, String rules) {
        return Partition.of(program, Context.of(SIZES),
                new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());
    }

    /** A product whose contracted axis is split: 5 x 16 addends of 8 multiplications in all, which are summed up. */
    private static Partition product(String mesh) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value w = builder.state("w", "d f");
        builder.output(builder.einsum("b d, d f -> b f", x, w));
        return partition(builder.build(), mesh, "d=x");
    }

    private static Session session(Partition partition) {
        return new Session(Plan.compile(partition.local(),
                Context.of(partition.sizes(0), Precision.FLOAT, Machine.typical()), true));
    }

    /** An all-reduce of 80 numbers over 4: to each other a quarter, in two rounds. */
    @Test
    void whatIsExpectedIsCounted() {
        Partition partition = product("x=4");
        Exchanged expected = new Exchanged(120, 120, 6, 2);
        assertThat(Expected.exchanged(partition, 0)).isEqualTo(expected);
        assertThat(Expected.of(partition, 0, 4)).returns(5.0 * 2 * 16, Expected::multiplications)
                .returns(5.0 * 2 * 16, Expected::unmasked).returns(4L * (5 * 2 + 2 * 16), Expected::held);
        try (LocalMesh mesh = new LocalMesh(partition, Precision.FLOAT, Machine.typical())) {
            assertThatCode(mesh::run).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            119, 120, 6, 2 | device 1: bytes sent: predicted 476, counted 480
            120, 121, 6, 2 | device 1: bytes received: predicted 484, counted 480
            120, 120, 3, 2 | device 1: messages: predicted 3, counted 6
            120, 120, 6, 1 | device 1: rounds: predicted 1, counted 2
            """)
    void anExchangeOfAnotherSizeEndsTheRun(String told, String message) {
        List<Long> numbers = List.of(told.split(", ")).stream().map(Long::valueOf).toList();
        Exchanged right = new Exchanged(120, 120, 6, 2);
        Exchanged wrong = new Exchanged(numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
        try (LocalMesh mesh = new LocalMesh(Pipeline.of(product("x=4")), Precision.FLOAT, Machine.typical(),
                List.of(right, wrong, right, right))) {
            assertThatThrownBy(mesh::run).isInstanceOf(DeviceFailure.class).hasMessage(message);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            161 | 161 | 168 | 1000 | device 3: multiplications: predicted 161, counted 160
            159 | 100 | 168 | 1000 | device 3: multiplications: predicted 159, counted 160
            160 | 160 | 164 | 1000 | device 3: bytes of inputs and states: predicted 164, counted 168
            160 | 160 | 168 | -250000 | device 3: bytes of memory: predicted -19106, counted
            """)
    void aPlanThatDoesOrHoldsSomethingElseIsRefused(double multiplications, double unmasked, long held, long memory,
            String message) {
        Partition partition = product("x=4");
        try (Session session = session(partition)) {
            assertThatThrownBy(() -> Audit.compiled(3, new Expected(multiplications, unmasked, held, memory), session))
                    .isInstanceOf(DeviceFailure.class).hasMessageStartingWith(message);
        }
    }

    /** Of 128 x 128 pairs 128 x 129 / 2 count; a plan skips many others, but never one of these. */
    @Test
    void whatAMaskSparesIsNotMissed() {
        ProgramBuilder builder = new ProgramBuilder();
        Value query = builder.input("query", "b l k");
        Value key = builder.input("key", "b m k");
        Value scores = builder.einsum("b l k, b m k -> b l m", query, key);
        builder.output(builder.einsum("b l m, b m k -> b l k",
                builder.causalSoftmax(scores, new Axis("m"), new Axis("l")), key));
        Partition partition = partition(builder.build(), "x=2", "b=x");
        Expected expected = Expected.of(partition, 0, 4);

        assertThat(expected.multiplications()).isEqualTo(2.0 * 3 * 128 * 128 * 16);
        assertThat(expected.unmasked()).isEqualTo(2.0 * 3 * 128 * 129 / 2 * 16);
        try (Session session = session(partition)) {
            assertThatCode(() -> Audit.compiled(0, expected, session)).doesNotThrowAnyException();
        }
    }

    /** Of 2 x 2^10 x 2^18 numbers 2 are different: what they are multiplied by is summed first, and 2 x 2^18 products are left. */
    @Test
    void whatRepeatsItselfIsNotMissed() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b");
        Value w = builder.state("w", "n");
        Value repeated = builder.append("repeated", List.of(new Axis("b"), new Axis("n"), new Axis("k")),
                new Operation.Map(Pointwise.operand(0), List.of(x)));
        builder.output(builder.einsum("b n k, n -> b k", repeated, w));
        Sizes sizes = Sizes.of(Map.of("b", 4, "n", 1 << 10, "k", 1 << 18));
        Partition partition = Partition.of(builder.build(), Context.of(sizes),
                new Splitting(Rules.of(Mesh.of("x=2"), "b=x"), true, Network.LOCAL), Set.of());
        Expected expected = Expected.of(partition, 0, 4);

        assertThat(expected.multiplications()).isEqualTo(2.0 * (1 << 28));
        assertThat(expected.unmasked()).isEqualTo(2.0 * (1 << 18));
        try (Session session = session(partition)) {
            assertThatCode(() -> Audit.compiled(0, expected, session)).doesNotThrowAnyException();
        }
    }
}
