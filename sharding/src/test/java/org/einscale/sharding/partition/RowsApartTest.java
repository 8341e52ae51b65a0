package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RowsApartTest {
    private static final Axis K = new Axis("k");
    private static final Axis Q = new Axis("q");

    /** What runs along a row, of an x with axes b q k. */
    private enum Kind {
        SOFTMAX((b, x) -> b.softmax(x, K)), CAUSAL_SOFTMAX((b, x) -> b.causalSoftmax(x, K, Q)), LAYER_NORM(
                (b, x) -> b.normalise(Norm.LAYER, x, K, 0.1)), RMS_NORM(
                        (b, x) -> b.normalise(Norm.RMS, x, K, 0.1)), CROSS_ENTROPY(
                                (b, x) -> b.crossEntropy(x, b.input("targets", "b q"), K));

        private final BiFunction<ProgramBuilder, Value, Value> append;

        Kind(BiFunction<ProgramBuilder, Value, Value> append) {
            this.append = append;
        }

        /** The operation, and its gradient. */
        Program program() {
            ProgramBuilder builder = new ProgramBuilder();
            Value x = builder.input("x", "b q k");
            Value y = append.apply(builder, x);
            builder.output(y);
            Value loss = builder.reduce(Reduction.SUM, builder.apply(Unary.SIN, y), List.of());
            Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(x));
            ProgramBuilder more = new ProgramBuilder(gradient.program());
            more.output(Objects.requireNonNull(gradient.of().get(x)));
            return more.build();
        }
    }

    private static boolean runsAlongRows(Statement statement) {
        return switch (statement.operation()) {
            case Operation.Softmax _,Operation.SoftmaxGradient _,Operation.Normalise _,Operation.NormaliseGradient _,Operation.CrossEntropy _,Operation.CrossEntropyGradient _ ->
                true;
            default -> false;
        };
    }

    @ParameterizedTest
    @EnumSource
    void comesToTheSameInReductionsAndMaps(Kind kind) {
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            Sizes sizes = Sizes.of(Map.of("b", random.nextInt(3), "q", 1 + random.nextInt(5), "k",
                    2 + random.nextInt(7)));
            for (String rule : kind == Kind.CAUSAL_SOFTMAX && sizes.of(Q) > 1
                    ? List.of("k=x", "q=x")
                    : List.of("k=x")) {
                Program program = kind.program();
                Program apart = new RowsApart(Rules.of(Mesh.of("x=2"), rule)).apply(program, Context.of(sizes));
                assertThat(apart.statements()).noneMatch(RowsApartTest::runsAlongRows);
                Map<Value, INDArray> given = Filling.of(program, sizes, i);
                same(program, apart, sizes, given);
            }
        }
    }

    private static void same(Program program, Program apart, Sizes sizes, Map<Value, INDArray> given) {
        Interpreter.Run right = Interpreter.run(program, sizes, given);
        Interpreter.Run found = Interpreter.run(apart, sizes, given);
        assertThat(apart.outputs()).isEqualTo(program.outputs());
        for (Value output : program.outputs()) {
            INDArray expected = Objects.requireNonNull(right.values().get(output));
            INDArray array = Objects.requireNonNull(found.values().get(output));
            assertThat(array.shape()).isEqualTo(expected.shape());
            assertThat(array.length() == 0 || array.equalsWithEps(expected, 1e-10))
                    .as("%s with %s%n%s%n%s%n%s", output, sizes, apart, expected, array).isTrue();
        }
    }

    /** More queries than keys leave the first without any; a row may be all minus infinity, or large. */
    @ParameterizedTest
    @CsvSource({"4, 2", "2, 4"})
    void rowsWithoutEntriesStayZero(int queries, int keys) {
        Sizes sizes = Sizes.of(Map.of("b", 1, "q", queries, "k", keys));
        Program program = Kind.CAUSAL_SOFTMAX.program();
        Program apart = new RowsApart(Rules.of(Mesh.of("x=2"), "k=x")).apply(program, Context.of(sizes));

        same(program, apart, sizes, Map.of(program.inputs().getFirst(), Nd4j.ones(1, queries, keys).mul(800)));
    }

    @Test
    void rowsThatAreNotSplitStayAsTheyAre() {
        for (Kind kind : Kind.values()) {
            Program program = kind.program();
            Sizes sizes = Sizes.of(Map.of("b", 4, "q", 3, "k", 5));
            assertThat(new RowsApart(Rules.of(Mesh.of("x=2"), "b=x")).apply(program, Context.of(sizes)).statements())
                    .isEqualTo(program.statements());
        }
    }

    /** A maximum, a sum and the right logit of each row; the gradient needs no more than those. */
    @Test
    void crossEntropyOverASplitVocabularyExchangesThreeNumbersARow() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value head = builder.state("head", "v d");
        Value logits = builder.einsum("b d, v d -> b v", x, head);
        Value losses = builder.crossEntropy(logits, builder.input("targets", "b"), new Axis("v"));
        Value loss = builder.reduce(Reduction.MEAN, losses, List.of());
        builder.output(loss);
        Gradient.Result gradient = Gradient.of(builder.build(), loss, List.of(head));
        ProgramBuilder more = new ProgramBuilder(gradient.program());
        more.update(head, more.map(operand(0).minus(constant(0.1).times(operand(1))), head,
                Objects.requireNonNull(gradient.of().get(head))));
        Partition partition = Partition.of(more.build(), Context.of(Sizes.of(Map.of("b", 6, "d", 3, "v", 8))),
                Splitting.of(Mesh.of("model=4"), List.of(), List.of(Preset.VOCABULARY)), Set.of());

        Map<String, List<Axis>> collectives = new LinkedHashMap<>();
        List<String> kinds = new ArrayList<>();
        for (Statement statement : partition.collectives()) {
            Operation.Collective collective = (Operation.Collective) statement.operation();
            kinds.add(collective.exchange() + " " + collective.reduction());
            collectives.put(statement.toString(), statement.result().axes());
        }
        assertThat(kinds).containsExactlyInAnyOrder("ALL_REDUCE MAX", "ALL_REDUCE SUM", "ALL_REDUCE SUM");
        assertThat(collectives.values()).allMatch(axes("b")::equals);
        assertThat(Stream.of(1, 2, 3).mapToLong(i -> partition.bytes(partition.collectives().get(i - 1))))
                .allMatch(bytes -> bytes <= 2 * 4 * 6);
    }
}
