package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of more than 2^31 elements through every operation whose result is small. */
class GiantArraysTest {
    private static final double RELATIVE = 1e-5;

    private static void check(INDArray found, double wanted) {
        double least = found.minNumber().doubleValue();
        double most = found.maxNumber().doubleValue();
        assertThat(least).isCloseTo(wanted, within(RELATIVE * Math.abs(wanted)));
        assertThat(most).isCloseTo(wanted, within(RELATIVE * Math.abs(wanted)));
    }

    @ParameterizedTest
    @CsvSource({
        "46341, 46341, FLOAT", "65536, 32768, FLOAT", "65536, 65536, FLOAT", "2147483647, 3, FLOAT",
        "3, 2147483647, FLOAT", "1, 2147483647, FLOAT", "2147483647, 1, FLOAT", "46341, 46341, DOUBLE",
        "65536, 65536, DOUBLE"})
    void constantsThroughEveryOperation(long rows, long columns, DataType type) {
        double x = 0.7;
        double n = (double) rows * columns;
        INDArray z = GiantArrays.constant(type, x, rows, columns);
        INDArray one = GiantArrays.constant(type, 1, rows, columns);
        INDArray row = GiantArrays.constant(type, 3, columns);
        check(Einsum.of("ij->").apply(z), n * x);
        check(Einsum.of("ij,ij->").apply(z, z), n * x * x);
        check(Einsum.of("ij,ji->").apply(z, GiantArrays.constant(type, 2, columns, rows)), 2 * n * x);
        check(Einsum.of("ij,j->").apply(z, row), 3 * n * x);
        check(Einsum.of("ij,ij,ij->").apply(z, z, z), n * x * x * x);
        check(Einsum.of("ij,kl->").apply(z, one), n * n * x);
        check(Einsum.reduce("i j ->", Reduction.MEAN).apply(z), x);
        check(Einsum.reduce("i j ->", Reduction.MAX).apply(z), x);
        check(Einsum.reduce("i j ->", Reduction.MIN).apply(z), x);
        check(Einsum.reduce("i j ->", Reduction.PROD).apply(one), 1);
        check(Einsum.reduce("i j ->", Reduction.PROD).apply(z), 0);
        check(Einsum.reduce("i j ->", Reduction.LOG_SUM_EXP).apply(z), x + Math.log(n));
        check(Einsum.of("ij->").over(Semiring.MAX_PLUS).apply(z), x);
        check(Einsum.of("ij,ij->").over(Semiring.MIN_PLUS).apply(z, z), 2 * x);
        check(Einsum.of("ij,ij->").over(Semiring.LOG).apply(z, z), 2 * x + Math.log(n));
        check(Einsum.of("ij,ij->").memory(1 << 20).apply(z, z), n * x * x);
    }

    /** Sizes with which rows, columns or all elements are more than an int counts, the strides are not 0, and nothing is copied. */
    @Tag("once")
    @Test
    @EnabledOnOs(OS.LINUX)
    void elementsThatAreReadAndWrittenOneByOne() {
        long n = 46341;
        try (WrappedMemory a = new WrappedMemory(n * n).fill(0.7f); WrappedMemory c = new WrappedMemory(n * n)) {
            INDArray x = a.array(n, n);
            INDArray out = c.array(n, n);
            check(Einsum.of("ij->").apply(x), 0.7 * n * n);
            check(Einsum.reduce("i j ->", Reduction.MAX).apply(x), 0.7);
            check(Einsum.of("ij->i").apply(x), 0.7 * n);
            check(Einsum.of("ij->j").apply(x), 0.7 * n);
            check(Einsum.of("ij,ij->").apply(x, x), 0.49 * n * n);
            Einsum.of("ij->ij").into(out, x);
            assertThat(c.holds(0.7f)).isTrue();
            INDArray ones = Nd4j.ones(DataType.FLOAT, n);
            Einsum.of("i,j->ij").into(out, ones, ones.mul(3));
            assertThat(c.holds(3)).isTrue();
            Einsum.of("ij,ij->ij").into(out, x, x);
            assertThat(c.holds(0.7f * 0.7f)).isTrue();
            Einsum.of("ij->ji").into(out, GiantArrays.constant(DataType.FLOAT, 2, n, n));
            assertThat(c.holds(2)).isTrue();
            Einsum.of("ij->").compile(Precision.FLOAT, x.shape()).gradient().into(new INDArray[]{out},
                    Nd4j.scalar(DataType.FLOAT, 7), x);
            assertThat(c.holds(7)).isTrue();
        }
    }

    @Test
    void resultsAndOperandsThatAreTooLargeAreRefusedWithTheirBytes() {
        INDArray row = GiantArrays.constant(DataType.FLOAT, 1, Integer.MAX_VALUE);
        assertThatThrownBy(() -> Einsum.of("i,j->ij").apply(row, row)).isInstanceOf(EquationError.class)
                .hasMessageContaining("\"i,j->ij\"").hasMessageContaining("i=2147483647 j=2147483647")
                .hasMessageContaining("18446744056529682436 bytes");
        assertThatThrownBy(() -> Einsum.of("ij->").compile(Precision.FLOAT, new long[]{1L << 30, 1L << 30})
                .gradient().apply(Nd4j.scalar(1f), GiantArrays.constant(DataType.FLOAT, 1, 1 << 30, 1 << 30)))
                .isInstanceOf(EquationError.class).hasMessageContaining("gradient of operand 0")
                .hasMessageContaining("4611686018427387904 bytes");
        assertThatThrownBy(() -> Einsum.of("ijk->").compile(Sizes.of(Map.of("i", 1 << 30, "j", 1 << 30, "k", 8))))
                .isInstanceOf(EquationError.class).hasMessageContaining("operand 0")
                .hasMessageContaining("36893488147419103232 bytes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            abc,abc->a | a=2 b=50000 c=50000                       | 1e10     | 40000000008
            a,bc->abc  | a=2 b=50000 c=50000                       | 1e10     | 30000000008
            ij->       | i=2147483647 j=2147483647                 | 4.61e18  | 18446744056529682440
            ij,jk->ik  | i=2147483647 j=40000 k=2147483647         | 3.69e23  | 18447431251296722436
            """)
    void explains(String equation, String sizes, double flops, double bytes) {
        Explanation explanation = Einsum.of(equation).compile(Filling.sizes(sizes)).explain();
        assertThat(explanation.flops()).isCloseTo(flops, within(0.01 * flops));
        assertThat(explanation.bytesGiven()).isCloseTo(bytes, within(1e-9 * bytes));
        assertThat(explanation.toString()).doesNotContainPattern("-[0-9]");
    }

    @Test
    void anAxisOfTheArrayMayBeLongerThanItsParts() {
        INDArray line = GiantArrays.constant(DataType.FLOAT, 0.5, 1L << 32);
        check(Einsum.of("(i j)->").with("i", 1 << 16).apply(line), 0.5 * 0x1p32);
        assertThatThrownBy(() -> Einsum.of("i->").apply(line)).isInstanceOf(EquationError.class)
                .hasMessageContaining("axis 'i' is 4294967296").hasMessageContaining("at most 2147483647");
        assertThatThrownBy(() -> Einsum.of("(i j)->").with("i", 1).apply(line)).isInstanceOf(EquationError.class)
                .hasMessageContaining("axis 'j' is 4294967296").hasMessageContaining("at most 2147483647");
    }
}
