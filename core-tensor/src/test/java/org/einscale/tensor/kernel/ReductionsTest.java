package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reductions and sums of products against their plain twins: rows apart and side by side, results with gaps, old content combined or not. */
class ReductionsTest {
    private static final Kernels FAST = FastKernels.of(Precision.FLOAT);
    private static final Kernels PLAIN = ScalarKernels.of(Precision.FLOAT);
    private static final int GAP = 3;

    /** A kernel with its arrays bound: given where to write. */
    private interface Call {
        void run(Kernels kernels, long destination);
    }

    /** Compares whole arrays, so that elements between those of a strided result must stay as they were. */
    private static void compare(Floats floats, String what, int n, Call call) {
        long actual = floats.normal(n, "before");
        long expected = floats.normal(n, "before");
        call.run(FAST, actual);
        call.run(PLAIN, expected);
        Floats.assertClose(Floats.read(actual, n), Floats.read(expected, n), 2e-5, what);
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "3, 0", "1, 1", "3, 1", "9, 2", "5, 7", "6, 8", "5, 15", "4, 16", "3, 17", "7, 27", "6, 64",
        "5, 65",
        "8, 129", "300, 5", "300, 65", "37, 300", "2, 1000"})
    void agreesWithThePlainTwin(int rows, int n) {
        try (Floats floats = new Floats()) {
            for (int stride : new int[]{n, n + 5, 2048}) {
                for (boolean add : new boolean[]{false, true}) {
                    if ((long) rows * stride < 100_000) {
                        reductions(floats, rows, n, stride, add);
                        products(floats, rows, n, stride, add);
                    }
                }
            }
        }
    }

    private static void reductions(Floats floats, int rows, int n, int stride, boolean add) {
        long x = floats.near(1, rows * stride, "x");
        for (Reduce kind : Reduce.values()) {
            compare(floats, kind + " rows", n, (k, to) -> k.reduction(kind).rows(to, x, stride, rows, n, add));
            for (int apart : new int[]{1, GAP}) {
                compare(floats, kind + " columns", apart * rows,
                        (k, to) -> k.reduction(kind).columns(to, apart, x, stride, rows, n, add));
            }
        }
    }

    private static void products(Floats floats, int rows, int n, int stride, boolean add) {
        long a = floats.normal(rows * stride, "a");
        long b = floats.normal(rows * (n + 1), "b");
        compare(floats, "multiplySumRows", n, (k, to) -> k.multiplySumRows(to, a, stride, b, n + 1, rows, n, add));
        compare(floats, "multiplySumColumns", GAP * rows,
                (k, to) -> k.multiplySumColumns(to, GAP, a, stride, b, n + 1, rows, n, add));
        compare(floats, "matrix times vector", GAP * rows,
                (k, to) -> k.multiplySumColumns(to, GAP, a, stride, b, 0, rows, n, add));
        compare(floats, "scaleSumRows", n, (k, to) -> k.scaleSumRows(to, b, GAP, a, stride, rows / GAP, n, add));
    }

    @ParameterizedTest
    @EnumSource
    void nothingAtAllIsTheNeutralElement(Reduce kind) {
        try (Floats floats = new Floats()) {
            float[] neutral = new float[20];
            Arrays.fill(neutral, (float) kind.neutral());
            for (Kernels kernels : new Kernels[]{FAST, PLAIN}) {
                long to = floats.normal(20, "before");
                kernels.reduction(kind).rows(to, to, 0, 0, 20, false);
                assertThat(Floats.read(to, 20)).containsExactly(neutral);
                kernels.reduction(kind).columns(to, 1, to, 0, 20, 0, false);
                assertThat(Floats.read(to, 20)).containsExactly(neutral);
            }
        }
    }

    /** Halves of the factors are far above and below the range's middle, so that most products of some of them leave it. */
    @ParameterizedTest
    @CsvSource({"4, 1", "4, 300", "6, 7", "37, 5", "1001, 3", "20000, 1"})
    void productsMayLeaveTheRangeOnTheWay(int factors, int n) {
        for (Kernels kernels : new Kernels[]{FAST, PLAIN, FastKernels.of(Precision.DOUBLE)}) {
            Precision precision = kernels.precision();
            int bytes = precision.bytes();
            try (TensorArena arena = TensorArena.allocate((long) bytes * (2 * factors + 2) * n)) {
                long rows = arena.address();
                long columns = rows + (long) bytes * factors * n;
                long to = columns + (long) bytes * factors * n;
                BigDecimal[] exact = new BigDecimal[n];
                for (int j = 0; j < n; j++) {
                    exact[j] = BigDecimal.ONE;
                    List<Double> column = hardFactors(precision, factors, j);
                    for (int r = 0; r < factors; r++) {
                        Raw.put(precision, rows + (long) bytes * (r * n + j), column.get(r));
                        Raw.put(precision, columns + (long) bytes * (j * factors + r), column.get(r));
                        exact[j] = exact[j].multiply(new BigDecimal(column.get(r)), new MathContext(40));
                    }
                }
                kernels.reduction(Reduce.PRODUCT).rows(to, rows, n, factors, n, false);
                kernels.reduction(Reduce.PRODUCT).columns(to + (long) bytes * n, 1, columns, factors, n, factors,
                        false);
                for (int j = 0; j < 2 * n; j++) {
                    BigDecimal found = new BigDecimal(Raw.get(precision, to + (long) bytes * j));
                    double error = found.divide(exact[j % n], new MathContext(40)).subtract(BigDecimal.ONE).abs()
                            .doubleValue();
                    assertThat(error).as("%s, product %d is %s", precision, j, found)
                            .isLessThanOrEqualTo(factors * 0x1p-53 + (precision == Precision.FLOAT ? 0x1p-24 : 0));
                }
            }
        }
    }

    /** Half of them large and the others small, large ones first, small ones first or in any order; their product is near 1. */
    private static List<Double> hardFactors(Precision precision, int count, int seed) {
        Random random = new Random(seed);
        List<Double> factors = new ArrayList<>();
        for (int i = 0; i < count / 2; i++) {
            int exponent = random.nextInt(precision == Precision.FLOAT ? 120 : 1000);
            double large = Math.scalb(1 + random.nextDouble(), exponent);
            factors.addFirst(rounded(precision, large));
            factors.addLast(rounded(precision, -1 / large));
        }
        if (factors.size() < count) {
            factors.add(rounded(precision, random.nextDouble()));
        }
        switch (seed % 3) {
            case 0 -> Collections.reverse(factors);
            case 1 -> Collections.shuffle(factors, random);
            default -> {
            }
        }
        return factors;
    }

    private static double rounded(Precision precision, double x) {
        return precision == Precision.FLOAT ? (float) x : x;
    }

    @Test
    void productsOutsideTheRangeAndOfNoNumbersAreThoseOfDoubles() {
        float[][] factors = {{1e30f, 1e30f}, {-1e30f, 1e30f}, {1e-30f, 1e-30f}, {1e-30f, 1e-15f}, {0, 1e30f},
            {0, Float.POSITIVE_INFINITY}, {Float.NEGATIVE_INFINITY, 1e-30f}, {Float.NaN, 0}, {-0f, 1},
            {Float.MIN_VALUE, 2}};
        try (Floats floats = new Floats()) {
            for (float[] two : factors) {
                long to = floats.space(3);
                long x = floats.of(two);
                FAST.reduction(Reduce.PRODUCT).rows(to, x, 1, 2, 1, false);
                FAST.reduction(Reduce.PRODUCT).columns(to + 4, 1, x, 0, 1, 2, false);
                Raw.putFloat(to + 8, two[0]);
                FAST.reduction(Reduce.PRODUCT).columns(to + 8, 1, x + 4, 0, 1, 1, true);
                float product = (float) ((double) two[0] * two[1]);
                assertThat(Floats.read(to, 3)).containsExactly(product, product, product);
            }
        }
    }

    /** The order of the numbers is fixed, so the last bit is too, whenever a compiler gets to a kernel. */
    @ParameterizedTest
    @EnumSource
    void givesTheSameBitsAgain(Reduce kind) {
        try (Floats floats = new Floats()) {
            long x = floats.near(1, 33 * 91, "x");
            long to = floats.space(91);
            float[] first = run(kind, to, x);
            for (int i = 0; i < 3000; i++) {
                assertThat(run(kind, to, x)).containsExactly(first);
            }
        }
    }

    private static float[] run(Reduce kind, long to, long x) {
        FAST.reduction(kind).columns(to, 1, x, 91, 33, 91, false);
        FAST.reduction(kind).rows(to + 4 * 33, x, 91, 33, 50, false);
        return Floats.read(to, 91);
    }

    @Test
    void extremesOfNaNAreNaN() {
        try (Floats floats = new Floats()) {
            long x = floats.normal(40, "x");
            Raw.putFloat(x + 4 * 21, Float.NaN);
            long to = floats.space(1);
            for (Reduce kind : new Reduce[]{Reduce.MAXIMUM, Reduce.MINIMUM}) {
                FAST.reduction(kind).columns(to, 1, x, 0, 1, 40, false);
                assertThat(Raw.getFloat(to)).isNaN();

            }
        }
    }
}
