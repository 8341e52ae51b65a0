package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.plan.contract.CausalParts;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.product.Pair;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CausalPartsTest {
    private static final Axis QUERY = new Axis("l");
    private static final Axis KEY = new Axis("m");

    /** Attention and the gradients of its three operands, in layouts of a training step and in others. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            b h l k, b h m k -> b h l m | b h l m, b h m k -> b h l k | b=2 h=3 l=64 m=64 k=16
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=2 h=3 l=128 m=128 k=32
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=2 l=37 m=37 k=5
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=2 l=40 m=100 k=8
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=2 l=100 m=40 k=8
            b l h k, b m h k -> b h m l | b h m l, b m h k -> b l h k | b=1 h=2 l=128 m=128 k=8
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=1 l=1 m=1 k=1
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=1 l=0 m=3 k=2
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=1 l=3 m=0 k=2
            b l h k, b m h k -> b h l m | b h l m, b m h k -> b l h k | b=1 h=1 l=3 m=3 k=0
            """)
    void attentionAndItsGradientsAgreeWithTheDefinition(String scores, String mixture, String sizes) {
        PlanCheck.agrees(attention(scores, mixture), Filling.sizes(sizes));
    }

    /** A mask applied twice, read by others as well, or whose halves meet in one product. */
    @Test
    void whatSomethingElseReadsIsComputedWhole() {
        ProgramBuilder b = new ProgramBuilder();
        Value q = b.input("q", "l k");
        Value k = b.input("k", "m k");
        Value scores = b.einsum("l k, m k -> l m", q, k);
        Value weights = b.causalSoftmax(scores, KEY, QUERY);
        Value plain = b.softmax(scores, KEY);
        b.output(b.einsum("l m, l m -> l", weights, plain));
        b.output(b.einsum("l m, l m -> l m", weights, plain));
        b.output(b.einsum("l m, l m -> ", weights, plain));
        b.output(b.einsum("l m, l p -> m p", weights, weights));
        PlanCheck.agrees(b.build(), Filling.sizes("l=96 m=96 k=8"));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aTrainingStepsAttentionSkipsMostOfTheMaskedHalf(Profile machine) {
        Sizes sizes = Filling.sizes("b=8 h=4 l=128 m=128 k=32");
        Program program = attention("b l h k, b m h k -> b h l m", "b h l m, b m h k -> b l h k");
        double flops = Plan.compile(program, sizes, Precision.FLOAT, machine).lines().stream()
                .filter(line -> line.statement().map(Statement::operation).orElse(null) instanceof Operation.Contract)
                .mapToDouble(line -> line.work().flops()).sum();
        double whole = 6 * 2.0 * 8 * 4 * 128 * 128 * 32;
        assertThat(flops).isBetween(whole / 2, whole * 4 / 5);
    }

    private static Stream<Profile> machines() {
        return Stream.of(Profile.BITS_128, Profile.BITS_256, Profile.BITS_512);
    }

    @Test
    void everyElementBelowTheDiagonalIsInOneBlockOnly() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            int queries = random.nextInt(70);
            int keys = random.nextInt(70);
            int count = 1 + random.nextInt(9);
            Pair pair = outer(queries, keys);
            check(new CausalParts(QUERY, KEY, true).parts(pair, count), queries, keys);
            check(new CausalParts(KEY, QUERY, false).parts(pair, count), queries, keys);
        }
    }

    private static void check(List<Pair> parts, int queries, int keys) {
        int[][] times = new int[queries][keys];
        for (Pair part : parts) {
            Place result = part.result();
            for (int i = 0; i < result.sizes()[0]; i++) {
                for (int j = 0; j < result.sizes()[1]; j++) {
                    long at = result.offset() + i * result.strides()[0] + j * result.strides()[1];
                    times[(int) (at / keys)][(int) (at % keys)]++;
                }
            }
        }
        for (int q = 0; q < queries; q++) {
            for (int k = 0; k < keys; k++) {
                boolean counts = k <= q + keys - queries;
                assertThat(times[q][k]).as("blocks with element %d, %d of %dx%d", q, k, queries, keys)
                        .isBetween(counts ? 1 : 0, 1);
            }
        }
    }

    private static Pair outer(int queries, int keys) {
        return new Pair(List.of(QUERY), Place.rowMajor(Buffer.inside(0, queries, false), new long[]{queries}),
                List.of(KEY), Place.rowMajor(Buffer.inside(1, keys, false), new long[]{keys}), List.of(QUERY, KEY),
                Place.rowMajor(Buffer.inside(2, (long) queries * keys, false), new long[]{queries, keys}));
    }

    private static Program attention(String scores, String mixture) {
        ProgramBuilder b = new ProgramBuilder();
        Value q = b.input("q", axesOf(scores, 0));
        Value k = b.input("k", axesOf(scores, 1));
        Value v = b.input("v", axesOf(mixture, 1));
        Value weights = b.causalSoftmax(b.einsum(scores, q, k), KEY, QUERY);
        Value mixed = b.einsum(mixture, weights, v);
        b.output(mixed);
        Value loss = b.reduce(Reduction.SUM, b.map(operand(0).times(operand(0)), mixed), List.of());
        List<Value> operands = List.of(q, k, v);
        Gradient.Result gradient = Gradient.of(b.build(), loss, operands);
        ProgramBuilder both = new ProgramBuilder(gradient.program());
        operands.forEach(value -> both.output(Objects.requireNonNull(gradient.of().get(value))));
        return both.build();
    }

    private static String axesOf(String equation, int operand) {
        return equation.substring(0, equation.indexOf("->")).split(",", -1)[operand].strip();
    }
}
