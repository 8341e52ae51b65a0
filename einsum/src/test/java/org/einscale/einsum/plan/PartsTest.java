package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.plan.tape.Arrival;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.memory.Raw;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Programs of a device that has parts of the values, and meets others. */
class PartsTest {
    private static final Axis PART = new Axis("b", List.of("data"));
    private static final Sizes WHOLE = Sizes.of(Map.of("b", 7, "d", 5));

    /** Draws, and positions, of a part of b, for a start and a size of it. */
    private static double[] random(Axis b, int start, int size, boolean compiled) {
        ProgramBuilder builder = new ProgramBuilder();
        Value step = builder.input("step", "");
        Value draw = builder.bernoulli(0.5, 3, "mask", step, List.of(b, new Axis("d")));
        Value place = builder.iota(b);
        Value sum = builder.map(
                operand(0).plus(constant(10).times(operand(1))).plus(constant(100).times(new Pointwise.Start(b))),
                List.of(draw, place), List.of(b, new Axis("d")));
        builder.output(sum);
        Sizes sizes = b.over().isEmpty() ? WHOLE : WHOLE.with(b, size, start);
        if (!compiled) {
            return Objects.requireNonNull(Interpreter.run(builder.build(), sizes, Map.of(step, Nd4j.scalar(4.0)))
                    .values().get(sum)).dup('c').data().asDouble();
        }
        try (Session session = new Session(Plan.compile(builder.build(), sizes, Precision.DOUBLE))) {
            Raw.put(Precision.DOUBLE, session.address(step), 4);
            session.run();
            return session.array(sum).dup('c').data().asDouble();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 4, true", "0, 3, 4, false", "0, 1, 6, true", "0, 1, 6, false"})
    void drawsAndPositionsOfPartsAreThoseOfTheWhole(int first, int second, int rest, boolean compiled) {
        double[] whole = random(new Axis("b"), 0, 7, compiled);
        double[] front = random(PART, first, second, compiled);
        double[] back = random(PART, second, rest, compiled);
        for (int i = 0; i < back.length; i++) {
            back[i] -= 100 * second;
        }

        assertThat(DoubleStream.concat(Arrays.stream(front), Arrays.stream(back)).toArray()).isEqualTo(whole);
        assertThat(whole).contains(0, 1, 60, 61);
    }

    private static Program meeting(Exchange exchange) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "d");
        Value twice = builder.map(constant(2).times(operand(0)), x);
        Value sum = builder.append("sum", axes("d"),
                new Operation.Collective(exchange, Reduction.SUM, twice, List.of("data")));
        Value again = builder.append("again", axes("d"), new Operation.Collective(exchange, Reduction.SUM,
                builder.map(operand(0).plus(constant(1)), sum), List.of("data")));
        builder.output(builder.map(operand(0).times(operand(0)), again));
        return builder.build();
    }

    @Test
    void aRunStopsWhereOthersAreNeeded() {
        Program program = meeting(Exchange.ALL_REDUCE);
        Plan plan = Plan.compile(program, WHOLE, Precision.DOUBLE);
        assertThat(plan.meetings()).hasSize(2);
        try (Session session = new Session(plan)) {
            session.array(program.inputs().getFirst()).assign(Nd4j.createFromArray(0.0, 1, 2, 3, 4));
            int at = 0;
            for (Meeting meeting : plan.meetings()) {
                at = session.run(at);
                assertThat(session.stop(at)).contains(meeting);
                // Another device brings as much.
                for (int i = 0; i < 5; i++) {
                    Raw.put(Precision.DOUBLE, session.to(meeting) + 8L * i,
                            2 * Raw.get(Precision.DOUBLE, session.from(meeting) + 8L * i));
                }
                at = session.run(at + 1);
                assertThat(session.stop(at)).contains(new Arrival(meeting));
                at++;
            }
            int steps = session.run(at);
            INDArray end = session.array(program.outputs().getFirst());

            assertThat(steps).isGreaterThan(at);
            assertThat(session.run(steps)).isEqualTo(steps);
            assertThat(end).isEqualTo(Nd4j.createFromArray(4.0, 100, 324, 676, 1156));
        }
    }

    @Test
    void aRunAloneIsRefused() {
        try (Session session = new Session(Plan.compile(meeting(Exchange.PERMUTE), WHOLE, Precision.DOUBLE))) {
            assertThatThrownBy(session::run).isInstanceOf(IllegalStateException.class).hasMessage(
                    "sum#2[d] = permute(map#1, 'data') is made by several devices; run the session on a mesh");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ALL_REDUCE | SUM | b/data | b/data | all_reduce(x#0, 'data')",
        "ALL_REDUCE | MAX | b/data | b/data | all_reduce(x#0, 'data', max)",
        "ALL_GATHER | SUM | b/data | b | all_gather(x#0, 'data')",
        "REDUCE_SCATTER | SUM | b | b/data | reduce_scatter(x#0, 'data')"})
    void collectivesAreWrittenAsCalls(Exchange exchange, Reduction reduction, String from, String to, String text) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", List.of(axis(from)));
        builder.append("y", List.of(axis(to)), new Operation.Collective(exchange, reduction, x, List.of("data")));

        assertThat(builder.last()).hasToString("y#1[" + to + "] = " + text);
    }

    @Test
    void whatAllDoAloneIsWrittenAsACallToo() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", axes("b d"));
        Value y = builder.append("y", List.of(PART, new Axis("d")), new Operation.Shard(x));
        assertThat(builder.last()).hasToString("y#1[b/data d] = shard(x#0)");
        builder.append("z", List.of(PART, new Axis("d")), new Operation.Collective(Exchange.ALL_TO_ALL, Reduction.SUM,
                y, List.of("data", "model")));
        assertThat(builder.last()).hasToString("z#2[b/data d] = all_to_all(y#1, 'data model')");
        assertThatThrownBy(() -> new Operation.Collective(Exchange.PERMUTE, Reduction.SUM, x, List.of()))
                .isInstanceOf(ProgramError.class).hasMessage("collective of 'x' over no axis of the mesh");
    }

    private static Axis axis(String name) {
        return name.equals("b") ? new Axis("b") : PART;
    }

    /** The transposed of what hands all parts to all is what sums and hands out parts. */
    @ParameterizedTest
    @CsvSource({"ALL_REDUCE, ALL_REDUCE", "ALL_GATHER, REDUCE_SCATTER", "REDUCE_SCATTER, ALL_GATHER",
        "ALL_TO_ALL, ALL_TO_ALL", "PERMUTE, PERMUTE"})
    void cotangentsGoBackTheTransposedWay(Exchange forward, Exchange backward) {
        ProgramBuilder builder = new ProgramBuilder();
        List<Axis> from = List.of(axis(forward == Exchange.REDUCE_SCATTER ? "b" : "b/data"));
        Value x = builder.input("x", from);
        Value y = builder.append("y", List.of(axis(forward == Exchange.ALL_GATHER ? "b" : "b/data")),
                new Operation.Collective(forward, Reduction.SUM, x, List.of("data")));
        Value loss = builder.reduce(Reduction.SUM, y, List.of());
        Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(x));
        List<String> made = new ArrayList<>();
        gradient.program().statements().stream().filter(s -> s.result().name().equals("d_x"))
                .forEach(s -> made.add(s.operation() instanceof Operation.Collective c
                        ? c.exchange() + " " + c.over() + " " + s.result().axes()
                        : s.toString()));

        assertThat(made).containsExactly(backward + " [data] " + from);
    }

    @ParameterizedTest
    @EnumSource(value = Reduction.class, names = {"MAX", "PROD"})
    void otherReductionsHaveNoGradient(Reduction reduction) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "d");
        Value y = builder.append("y", axes("d"),
                new Operation.Collective(Exchange.ALL_REDUCE, reduction, x, List.of("data")));
        Value loss = builder.reduce(Reduction.SUM, y, List.of());

        assertThatThrownBy(() -> Gradient.of(builder.build(), loss, List.of(x))).isInstanceOf(ProgramError.class)
                .hasMessageStartingWith("only collectives that move or sum have a gradient: y#1[d] = all_reduce(x#0");
    }
}
