package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row-wise kernel against its plain twin, on the same inputs. */
class RowKernelsTest {
    private static final Kernels FAST = FastKernels.of(Precision.FLOAT);
    private static final Kernels PLAIN = ScalarKernels.of(Precision.FLOAT);

    /** A kernel with its arrays bound: given where to write. */
    private interface Call {
        void run(Kernels kernels, long destination);
    }

    private static void compare(Floats floats, String what, int n, Call call) {
        long actual = floats.normal(n, "before");
        long expected = floats.normal(n, "before");
        call.run(FAST, actual);
        call.run(PLAIN, expected);
        Floats.assertClose(Floats.read(actual, n), Floats.read(expected, n), 4e-6, what);
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 1", "3, 1", "5, 15", "4, 16", "3, 17", "7, 27", "6, 64", "5, 65", "9, 129", "2, 1000"})
    void agreesWithThePlainTwin(int rows, int n) {
        try (Floats floats = new Floats()) {
            int size = rows * n;
            long x = floats.normal(size, "x");
            long y = floats.normal(size, "y");
            long scale = floats.normal(rows, "scale");
            long targets = floats.indices(rows, n);
            compare(floats, "softmax", size, (k, to) -> k.softmax(to, x, rows, n, 0));
            compare(floats, "productGradient", size, (k, to) -> k.productGradient(to, x, scale, rows, n));
            compare(floats, "softmaxGradient", size, (k, to) -> k.softmaxGradient(to, x, y, rows, n, 0));
            compare(floats, "layerNorm", size, (k, to) -> k.layerNorm(to, x, rows, n, 1e-5));
            compare(floats, "rmsNorm", size, (k, to) -> k.rmsNorm(to, x, rows, n, 1e-5));
            for (boolean add : new boolean[]{false, true}) {
                compare(floats, "layerNormGradient", size,
                        (k, to) -> k.layerNormGradient(to, x, y, rows, n, 1e-2, add));
                compare(floats, "rmsNormGradient", size, (k, to) -> k.rmsNormGradient(to, x, y, rows, n, 1e-2, add));
            }
            compare(floats, "crossEntropy", rows, (k, to) -> k.crossEntropy(to, x, targets, rows, n));
            compare(floats, "crossEntropyGradient", size,
                    (k, to) -> k.crossEntropyGradient(to, x, targets, scale, rows, n));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "8, 4, 4", "12, 6, 9", "34, 17, 17", "64, 32, 32", "66, 33, 40", "3, 1, 20"})
    void causalSoftmaxKeepsThePastAndWritesZeros(int rows, int period, int n) {
        try (Floats floats = new Floats()) {
            long x = floats.normal(rows * n, "x");
            long dy = floats.normal(rows * n, "dy");
            compare(floats, "softmax", rows * n, (k, to) -> k.softmax(to, x, rows, n, period));
            FAST.softmax(x, x, rows, n, period);
            compare(floats, "softmaxGradient", rows * n, (k, to) -> k.softmaxGradient(to, x, dy, rows, n, period));
            float[] y = Floats.read(x, rows * n);
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    boolean kept = j < r % period + 1 + n - period;
                    assertThat(y[r * n + j] > 0).as("row %d entry %d", r, j).isEqualTo(kept);
                    sum += y[r * n + j];
                }
                assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
            }
        }
    }

    @Test
    void kernelsRunInPlace() {
        try (Floats floats = new Floats()) {
            int rows = 3;
            int n = 27;
            long targets = floats.indices(rows, n);
            long other = floats.normal(rows * n, "other");
            record Case(String name, boolean second, Call call) {}
            List<Case> cases = new ArrayList<>();
            cases.add(new Case("softmax", false, (k, x) -> k.softmax(x, x, rows, n, 0)));
            cases.add(new Case("causal softmax", false, (k, x) -> k.softmax(x, x, rows, n, rows)));
            cases.add(new Case("softmaxGradient y", false, (k, x) -> k.softmaxGradient(x, x, other, rows, n, 0)));
            cases.add(new Case("softmaxGradient dy", false, (k, x) -> k.softmaxGradient(x, other, x, rows, n, 0)));
            cases.add(new Case("layerNorm", false, (k, x) -> k.layerNorm(x, x, rows, n, 1e-5)));
            cases.add(new Case("layerNormGradient", false,
                    (k, x) -> k.layerNormGradient(x, other, x, rows, n, 1e-5, false)));
            cases.add(
                    new Case("rmsNormGradient", false, (k, x) -> k.rmsNormGradient(x, x, other, rows, n, 1e-5, true)));
            cases.add(new Case("crossEntropyGradient", false,
                    (k, x) -> k.crossEntropyGradient(x, x, targets, other, rows, n)));
            cases.add(new Case("accumulate", false, (k, x) -> k.accumulate(x, x, rows * n)));
            for (Case each : cases) {
                compare(floats, each.name, rows * n, each.call);
            }
        }
    }

    @Test
    void softmaxDoesNotOverflow() {
        try (Floats floats = new Floats()) {
            long x = floats.of(1000, 1000, -1000, Float.NEGATIVE_INFINITY);
            FAST.softmax(x, x, 1, 4, 0);
            assertThat(Floats.read(x, 4)).containsExactly(0.5f, 0.5f, 0, 0);
            long nan = floats.of(1, Float.NaN, 2);
            FAST.softmax(nan, nan, 1, 3, 0);
            assertThat(Floats.read(nan, 3)).containsExactly(Float.NaN, Float.NaN, Float.NaN);
        }
    }

    /** Where the range of float32 is left on the way, the plain kernel takes over; float64 comes that near its own ends alike. */
    @Test
    void rowsOfHardNumbers() {
        float inf = Float.POSITIVE_INFINITY;
        for (float[] row : new float[][]{{3e38f, -3e38f, 1e38f}, {1e-30f, 3e-30f, -2e-30f}, {0, 0, 0}, {inf, 1, 2},
            {-inf, 1, 2}, {-inf, -inf, -inf}, {1e-45f, 0, 0}, {1e15f, 2e15f, -1e15f}, {Float.NaN, 1, inf}}) {
            try (Floats floats = new Floats()) {
                long x = floats.of(row);
                long dy = floats.of(1, -2, 3);
                long target = floats.of(1);
                compare(floats, "softmax", 3, (k, to) -> k.softmax(to, x, 1, 3, 0));
                compare(floats, "crossEntropy", 1, (k, to) -> k.crossEntropy(to, x, target, 1, 3));
                compare(floats, "crossEntropyGradient", 3,
                        (k, to) -> k.crossEntropyGradient(to, x, target, dy, 1, 3));
                for (double epsilon : new double[]{0, 1e-5}) {
                    compare(floats, "layerNorm", 3, (k, to) -> k.layerNorm(to, x, 1, 3, epsilon));
                    compare(floats, "rmsNorm", 3, (k, to) -> k.rmsNorm(to, x, 1, 3, epsilon));
                    compare(floats, "layerNormGradient", 3,
                            (k, to) -> k.layerNormGradient(to, x, dy, 1, 3, epsilon, true));
                    compare(floats, "rmsNormGradient", 3,
                            (k, to) -> k.rmsNormGradient(to, x, dy, 1, 3, epsilon, false));
                }
            }
        }
    }

    @Test
    void refusesTargetsOutsideTheVocabulary() {
        try (Floats floats = new Floats()) {
            long x = floats.normal(8, "x");
            long targets = floats.of(1, 4);
            for (Kernels kernels : new Kernels[]{FAST, PLAIN}) {
                assertThatThrownBy(() -> kernels.crossEntropy(x, x, targets, 2, 4))
                        .hasMessage("index 4.0 in row 1 is not in [0, 4)");
                assertThatThrownBy(() -> kernels.take(x, x, targets, 2, 1, 3)).hasMessageContaining("[0, 3)");
                assertThatThrownBy(() -> kernels.takeGradient(x, x, targets, x, 2, 1, 3))
                        .hasMessageContaining("[0, 3)");

            }
        }
    }
}
