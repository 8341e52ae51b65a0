package org.einscale.einsum.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.stream.IntStream;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts worked out by hand for a = 2, b = 3, c = 4, d = 5, z = 0. */
class FlopsTest {
    private static final String SIZES = "a=2 b=3 c=4 d=5 z=0";

    private static double flops(ProgramBuilder b) {
        return Flops.of(b.build(), Filling.sizes(SIZES));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a b -> b a           | 0
            a b -> a             | 6
            a b, a b -> a b      | 12
            a b, b c -> a c      | 48
            a, b -> a b          | 12
            a b, b c, c d -> a d | 128
            a z, z b -> a b      | 0
            """)
    void contractions(String equation, double flops) {
        ProgramBuilder b = new ProgramBuilder();
        String[] terms = equation.substring(0, equation.indexOf("->")).split(",", -1);
        Value[] operands = IntStream.range(0, terms.length).mapToObj(i -> b.input("x" + i, terms[i].strip()))
                .toArray(Value[]::new);
        b.output(b.einsum(equation, operands));

        assertThat(flops(b)).isEqualTo(flops);
    }

    @Test
    void aMapCountsItsFunctionsForEachElement() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        b.output(b.map(operand(0).times(operand(0)).plus(constant(1)), x));

        assertThat(flops(b)).isEqualTo(2 * 6);
    }

    @Test
    void aSoftmaxCountsFiveForEachElement() {
        ProgramBuilder b = new ProgramBuilder();
        b.output(b.softmax(b.input("x", "a b"), new Axis("b")));

        assertThat(flops(b)).isEqualTo(5 * 6);
    }

    /** Of x W, (x W) x and W W only the second, 2 a a b, has two operands that depend on x. */
    @Test
    void contractionsAmongInputsAreThoseOfTwoThatDependOnThem() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        Value w = b.state("W", "b c");
        Value scores = b.einsum("a c, A c -> a A", b.einsum("a b, b c -> a c", x, w),
                b.einsum("A b, b c -> A c", x, b.map(operand(0).times(constant(2)), w)));
        b.output(scores);
        b.output(b.einsum("b c, B c -> b B", w, w));

        assertThat(Flops.amongInputs(b.build(), Filling.sizes(SIZES))).isEqualTo(2 * 2 * 2 * 4);
    }

    @Test
    void whatNothingNeedsIsNotCounted() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        b.softmax(x, new Axis("b"));
        b.output(b.einsum("a b -> a", x));

        assertThat(flops(b)).isEqualTo(6);
    }
}
