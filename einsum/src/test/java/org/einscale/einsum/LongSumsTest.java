package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sums of many terms in float32 against the same in float64, whichever axes they run along and whatever computes them. */
class LongSumsTest {
    /** Relative: two units in the last place for each doubling of the number of terms. */
    private static final double TOLERANCE = 2 * Math.ulp(1f) * 20;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j -> j              | 1000000 2
            i j ->                | 300000 3
            i j k -> j            | 30000 3 10
            i m r k -> m k        | 40000 3 2 5
            i m r -> m            | 50000 3 4
            i j, i j -> j         | 500000 3, 500000 3
            i j, i k -> j k       | 500000 2, 500000 3
            j i, k i -> j k       | 2 500000, 3 500000
            j i, i k -> j k       | 2 500000, 500000 3
            j i, i -> j           | 3 500000, 500000
            i, i j -> j           | 500000, 500000 3
            i j k, i k -> j       | 50000 2 9, 50000 9
            i j k, k i l -> j l   | 50000 2 3, 3 50000 4
            i j k, i l k -> j l   | 20000 5 9, 20000 4 9
            i n j, i n k -> n j k | 100000 2 3, 100000 2 2
            """)
    void loseNoMoreThanShortOnes(String text, String shapes) {
        List<INDArray> operands = new ArrayList<>();
        Random random = new Random(1);
        for (String shape : shapes.split(",")) {
            long[] sizes = Arrays.stream(shape.strip().split(" ")).mapToLong(Long::parseLong).toArray();
            operands.add(uniform(random, sizes));
        }
        check(Einsum.of(Equation.words(text)), operands);
        check(Einsum.of(Equation.words(text)), operands.stream().map(LongSumsTest::everyOther).toList());
    }

    @ParameterizedTest
    @EnumSource(value = Reduction.class, names = {"SUM", "MEAN", "LOG_SUM_EXP"})
    void alsoWithinOtherReductions(Reduction reduction) {
        INDArray x = uniform(new Random(2), 1_000_000, 2);
        check(Einsum.reduce("i j -> j", reduction), List.of(x));
        check(Einsum.reduce("i j -> i", reduction), List.of(x.transpose()));
        check(Einsum.reduce("j i -> j", reduction), List.of(x.transpose().dup('c')));
    }

    /** Equal terms are rounded alike, which adds up most. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j, j k, k -> i      | 64   | 20 5000, 5000 30, 30          | j
            i j, j k, k -> i      | 64   | 20 40000, 40000 30, 30        | j
            i j m, j k, k m -> i m | 1000 | 20 5000 40, 5000 30, 30 40   | j
            """)
    void alsoInManySlices(String text, long limit, String shapes, String sliced) {
        List<INDArray> equal = new ArrayList<>();
        List<INDArray> different = new ArrayList<>();
        Random random = new Random(4);
        for (String shape : shapes.split(",")) {
            long[] sizes = Arrays.stream(shape.strip().split(" ")).mapToLong(Long::parseLong).toArray();
            equal.add(Nd4j.valueArrayOf(sizes, 0.1f, DataType.FLOAT));
            different.add(uniform(random, sizes));
        }
        Einsum whole = Einsum.of(Equation.words(text));
        Einsum slices = whole.memory(limit);
        long[][] all = equal.stream().map(INDArray::shape).toArray(long[][]::new);
        assertThat(slices.compile(Precision.FLOAT, all).explain().slices()).containsKeys(sliced);
        for (List<INDArray> operands : List.of(equal, different)) {
            INDArray[] given = operands.toArray(INDArray[]::new);
            INDArray[] exact = operands.stream().map(x -> x.castTo(DataType.DOUBLE)).toArray(INDArray[]::new);
            INDArray found = slices.apply(given);
            assertClose(slices, found, whole.apply(exact));
            assertThat(slices.apply(given)).as("the second time").isEqualTo(found);
            INDArray[] gradients = slices.compile(Precision.FLOAT, all).gradient().apply(found, given);
            INDArray[] exactly = whole.compile(Precision.DOUBLE, all).gradient().apply(found.castTo(DataType.DOUBLE),
                    exact);
            for (int i = 0; i < gradients.length; i++) {
                assertClose(slices, gradients[i], exactly[i]);
            }
        }
    }

    /** Of a large result few parts are kept at a time, however long the sum is. */
    @Test
    void aLargeResultIsKeptFewTimes() {
        Sizes sizes = Sizes.of(Map.of("k", 1 << 24, "m", 1000, "n", 1000));
        for (Precision precision : Precision.values()) {
            assertThat(Einsum.of("km,kn->mn").compile(precision, sizes).explain().bytesBetween())
                    .isBetween(1_000_000L * precision.bytes(), 12_000_000L * precision.bytes());
        }
    }

    /** The operands' columns are stretches of one row of numbers, which begin an element apart. */
    @Test
    void aLargeResultIsAddedInPairs() {
        int k = 3 * 65536 + 7;
        int n = 257;
        Random random = new Random(3);
        INDArray x = uniform(random, k + n);
        INDArray y = uniform(random, k + n);
        INDArray found = Einsum.of("km,kn->mn").apply(stretches(x, k, n), stretches(y, k, n));
        for (int[] at : new int[][]{{0, 0}, {0, n - 1}, {n - 1, 0}, {100, 7}}) {
            double exact = IntStream.range(0, k).mapToDouble(i -> x.getDouble(i + at[0]) * y.getDouble(i + at[1]))
                    .sum();
            assertThat(found.getDouble(at[0], at[1])).as("at %d, %d", at[0], at[1])
                    .isCloseTo(exact, within(TOLERANCE * exact));
        }
    }

    private static INDArray stretches(INDArray x, int length, int count) {
        return Nd4j.create(x.data(), new long[]{length, count}, new long[]{1, 1}, 0);
    }

    private static void check(Einsum einsum, List<INDArray> operands) {
        assertClose(einsum, einsum.apply(operands.toArray(INDArray[]::new)),
                einsum.apply(operands.stream().map(x -> x.castTo(DataType.DOUBLE)).toArray(INDArray[]::new)));
    }

    private static void assertClose(Einsum einsum, INDArray actual, INDArray expected) {
        double[] found = TestArrays.elements(actual);
        double[] exact = TestArrays.elements(expected);
        assertThat(found).hasSameSizeAs(exact);
        for (int i = 0; i < exact.length; i++) {
            if (!(Math.abs(found[i] - exact[i]) <= TOLERANCE * Math.abs(exact[i]))) {
                assertThat(found[i]).as("%s at %d", einsum, i).isEqualTo(exact[i]);
            }
        }
    }

    private static INDArray uniform(Random random, long... shape) {
        float[] elements = new float[TestArrays.volume(shape)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = random.nextFloat();
        }
        return Nd4j.create(elements, shape, 'c');
    }

    /** The same numbers in an array whose last axis has gaps. */
    private static INDArray everyOther(INDArray x) {
        long[] shape = Arrays.copyOf(x.shape(), x.rank() + 1);
        shape[x.rank()] = 2;
        INDArray wide = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c').assign(Float.NaN);
        INDArray part = wide.slice(1, x.rank());
        return part.assign(x);
    }
}
