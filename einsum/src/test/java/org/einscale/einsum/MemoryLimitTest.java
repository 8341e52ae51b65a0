package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Einsums that may take little memory, so that they are done in slices. */
class MemoryLimitTest {
    private static final Sizes SIZES = Sizes.of(Map.of("i", 30, "j", 20, "k", 40, "l", 10, "m", 5));

    @ParameterizedTest
    @ValueSource(longs = {64, 192})
    void slicesMakeTheWhole(long limit) {
        Random random = new Random(31);
        RandomSamples samples = new RandomSamples(random, 5);
        List<String> wrong = new ArrayList<>();
        int sliced = 0;
        for (int i = 0; i < 600; i++) {
            Sample sample = samples.next();
            Semiring semiring = i % 3 == 0 ? Semiring.MAX_PLUS : Semiring.SUM_PRODUCT;
            DirectEinsum direct = new DirectEinsum(semiring::plus, semiring::times, semiring.zero(), semiring.one());
            double[] wanted = direct.of(sample.binding(), sample.elements());
            try {
                CompiledEinsum einsum = sample.einsum().over(semiring).memory(limit).compile(Precision.DOUBLE,
                        sample.shapeArray());
                INDArray found = einsum.apply(sample.views(random, Precision.DOUBLE));
                Explanation explanation = einsum.explain();
                sliced += explanation.slices().isEmpty() ? 0 : 1;
                if (!TestArrays.close(TestArrays.elements(found), wanted, 1e-9) || explanation.bytesBetween() > limit) {
                    wrong.add(semiring + " " + sample + "\n" + explanation);
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("however the einsum is sliced");
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(sliced).isGreaterThan(30);
    }

    @Test
    void gradientsOfSlicesMakeThoseOfTheWhole() {
        Einsum einsum = Einsum.of("ij,jk,kl,lm->im");
        INDArray[] operands = random(einsum, SIZES, Precision.DOUBLE);
        INDArray cotangent = Nd4j.rand(DataType.DOUBLE, 30, 5);
        INDArray[] wanted = einsum.compile(Precision.DOUBLE, SIZES).gradient().apply(cotangent, operands);
        for (long limit : new long[]{500, 1000, 2000}) {
            EinsumGradient gradient = einsum.memory(limit).compile(Precision.DOUBLE, SIZES).gradient();
            assertThat(gradient.explain().bytesBetween()).isLessThanOrEqualTo(limit);
            assertThat(gradient.explain().slices()).isNotEmpty();
            assertClose(gradient.apply(cotangent, operands), wanted);
        }
        assertThat(einsum.memory(1_000_000).compile(Precision.DOUBLE, SIZES).gradient().explain().slices()).isEmpty();
    }

    @Test
    void constantsAreSlicedToo() {
        Einsum einsum = Einsum.of("ij,jk,kl,lm->im");
        INDArray[] operands = random(einsum, SIZES, Precision.DOUBLE);
        INDArray wanted = einsum.apply(operands);
        CompiledEinsum limited = einsum.memory(128).compile(Precision.DOUBLE, SIZES);
        assertThat(limited.explain().slices()).isNotEmpty();
        INDArray found = limited.bind(1, operands[1]).bind(2, operands[2]).apply(operands[0], operands[3]);
        assertClose(new INDArray[]{found, limited.apply(operands)}, new INDArray[]{wanted, wanted});
    }

    @Test
    void aDiagonalIsWrittenBySlices() {
        Einsum einsum = Einsum.words("i j, j k, k -> i i").memory(64);
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 70);
        INDArray y = Nd4j.rand(DataType.FLOAT, 70, 80);
        INDArray z = Nd4j.rand(DataType.FLOAT, 80);
        CompiledEinsum compiled = einsum.compile(Precision.FLOAT, x.shape(), y.shape(), z.shape());
        assertThat(compiled.explain().slices()).containsOnlyKeys("j");
        INDArray found = compiled.apply(x, y, z);
        assertClose(new INDArray[]{found}, new INDArray[]{Nd4j.diag(x.mmul(y).mmul(z))});
    }

    @Test
    void aLargeEinsumKeepsToTheLimitForLittleMoreWork() {
        Einsum einsum = Einsum.of("mn,nr,fcr,nh,octh->oftm");
        Sizes sizes = Sizes.of(Map.of("m", 8, "n", 10, "r", 3, "f", 30, "c", 50, "h", 10, "o", 20, "t", 15));
        INDArray[] operands = random(einsum, sizes, Precision.FLOAT);
        Explanation whole = einsum.compile(sizes).explain();
        CompiledEinsum limited = einsum.memory(whole.bytesBetween() / 5).compile(sizes);
        assertThat(limited.explain().slices()).isNotEmpty();
        assertThat(limited.explain().bytesBetween()).isLessThanOrEqualTo(whole.bytesBetween() / 5);
        assertThat(limited.explain().flops()).isLessThan(1.5 * whole.flops());
        INDArray wanted = einsum.apply(operands);
        INDArray found = limited.apply(operands);
        assertThat(found.sub(wanted).norm2Number().doubleValue() / wanted.norm2Number().doubleValue()).isLessThan(1e-5);
    }

    @Test
    void explanationsTellTheSlices() {
        assertThat(Einsum.of("ij,jk,kl,lm->im").memory(128).compile(SIZES).explain().toString())
                .contains("total of all slices", "slices  one value of each at a time: ");
    }

    @Test
    void whatCannotBeReachedIsRefused() {
        Einsum einsum = Einsum.of("ij,jk,kl,lm->im").memory(3);
        assertThatThrownBy(() -> einsum.compile(SIZES)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "intermediate results take 128 bytes or more, however the einsum is sliced; the limit to its"
                                + " memory is 3");
        assertThatThrownBy(() -> einsum.memory(-1)).hasMessage("memory of -1 bytes; expected 0 or more");
        assertThat(Einsum.of("ij,jk->ik").memory(0).compile(Sizes.of(Map.of("i", 3, "j", 4, "k", 5))).explain()
                .bytesBetween()).isZero();
    }

    private static INDArray[] random(Einsum einsum, Sizes sizes, Precision precision) {
        return Binding.of(einsum.equation(), sizes).operands().stream()
                .map(view -> Nd4j.rand(precision.dataType(), view.shape())).toArray(INDArray[]::new);
    }

    private static void assertClose(INDArray[] found, INDArray[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            double[] expected = TestArrays.elements(wanted[i]);
            assertThat(TestArrays.close(TestArrays.elements(found[i]), expected, 1e-5)).as(Arrays.toString(expected))
                    .isTrue();
        }
    }
}
