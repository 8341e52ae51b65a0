package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Stream;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums in float32 over many numbers, along any axis, against sums in float64. */
class LongSumsTest {
    /** Units in the last place that each doubling of the length may cost. */
    private static final double ULPS = 2;
    private static final Philox RANDOM = Philox.of(1, "uniform");

    /** A sum of products of x and y over all rows, and how: given where the results of all columns go. */
    private interface Sum {
        void run(Kernels k, long to, long x, long y, int rows, int n);
    }

    /** How numbers are laid out: [row][column], or each column in one piece. */
    private record Case(String name, boolean products, boolean rowMajor, Sum sum) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("sum of rows", false, true,
                        (k, to, x, y, rows, n) -> k.reduction(Reduce.SUM).rows(to, x, n, rows, n, false)),
                new Case("sum along rows", false, false,
                        (k, to, x, y, rows, n) -> k.reduction(Reduce.SUM).columns(to, 1, x, rows, n, rows, false)),
                new Case("sum of products of rows", true, true,
                        (k, to, x, y, rows, n) -> k.multiplySumRows(to, x, n, y, n, rows, n, false)),
                new Case("dot products", true, false,
                        (k, to, x, y, rows, n) -> k.multiplySumColumns(to, 1, x, rows, y, rows, n, rows, false)),
                new Case("matrix times vector", false, false,
                        (k, to, x, y, rows, n) -> k.multiplySumColumns(to, 1, x, rows, ones(y, rows), 0, n, rows,
                                false)),
                new Case("transposed matrix times vector", false, true,
                        (k, to, x, y, rows, n) -> k.scaleSumRows(to, ones(y, rows), 1, x, n, rows, n, false)));
    }

    private static long ones(long address, int n) {
        FastKernels.of(Precision.FLOAT).fill(address, 1, n);
        return address;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void areAsGoodAsShortOnes(Case sum) {
        Map<String, LongToDoubleFunction> numbers = new TreeMap<>(
                Map.of("tenths", i -> 0.1f, "uniform", i -> (float) RANDOM.uniform(i)));
        for (Kernels kernels : new Kernels[]{FastKernels.of(Precision.FLOAT), ScalarKernels.of(Precision.FLOAT)}) {
            numbers.forEach((name, number) -> {
                for (int n : new int[]{1, 3, 100}) {
                    check(kernels, sum, name, number, 1_000_003 / n, n);
                }
            });
        }
    }

    @Test
    void sumsBeyondTheLargestWholeNumberInARow() {
        Case rows = cases().findFirst().orElseThrow();
        check(FastKernels.of(Precision.FLOAT), rows, "ones", i -> 1, 20_000_000, 2);
        check(FastKernels.of(Precision.FLOAT), rows, "tenths", i -> 0.1f, 20_000_000, 1);
    }

    private static void check(Kernels kernels, Case sum, String name, LongToDoubleFunction number, int rows, int n) {
        try (TensorArena arena = TensorArena.allocate(8L * rows * n + 4 * n)) {
            long x = arena.address();
            long y = x + 4L * rows * n;
            long to = y + 4L * rows * n;
            DoubleBinaryOperator term = sum.products ? (a, b) -> a * b : (a, b) -> a;
            double[] exact = new double[n];
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < n; j++) {
                    long at = 4 * (sum.rowMajor ? (long) r * n + j : (long) j * rows + r);
                    double left = number.applyAsDouble((long) r * n + j);
                    double right = number.applyAsDouble((long) j * rows + r);
                    Raw.putFloat(x + at, (float) left);
                    Raw.putFloat(y + at, (float) right);
                    exact[j] += term.applyAsDouble(left, right);
                }
            }
            sum.sum.run(kernels, to, x, y, rows, n);
            double allowed = ULPS * Math.ulp(1f) * Math.log(rows) / Math.log(2);
            for (int j = 0; j < n; j++) {
                assertThat(Raw.getFloat(to + 4L * j)).as("%s of %d x %d %s, column %d", sum.name, rows, n, name, j)
                        .isCloseTo((float) exact[j], within((float) (allowed * exact[j])));
            }
        }
    }

    @Test
    void infinitiesAndNothingStayAsTheyAre() {
        try (Floats floats = new Floats()) {
            int rows = 1000;
            long x = floats.space(3 * rows);
            for (int i = 0; i < 3 * rows; i++) {
                Raw.putFloat(x + 4L * i, i == 700 ? Float.NEGATIVE_INFINITY : i % 3 == 2 ? Float.MAX_VALUE : 1);
            }
            long to = floats.of(5, 5, 5);
            FastKernels.of(Precision.FLOAT).reduction(Reduce.SUM).rows(to, x, 3, rows, 3, true);
            assertThat(Floats.read(to, 3)).containsExactly(rows + 5, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

        }
    }
}
