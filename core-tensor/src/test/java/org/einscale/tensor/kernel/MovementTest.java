package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MovementTest {
    private static final Kernels FAST = FastKernels.of(Precision.FLOAT);
    private static final Kernels PLAIN = ScalarKernels.of(Precision.FLOAT);

    @ParameterizedTest
    @CsvSource({"0, 3", "3, 0", "1, 1", "1, 40", "40, 1", "16, 16", "17, 15", "33, 50"})
    void transposes(int rows, int columns) {
        try (Floats floats = new Floats()) {
            int sourceStride = columns + 3;
            int destinationStride = rows + 2;
            long source = floats.normal(rows * sourceStride, "x");
            long actual = floats.normal(columns * destinationStride, "before");
            long expected = floats.normal(columns * destinationStride, "before");
            FAST.transpose(actual, destinationStride, source, sourceStride, rows, columns);
            PLAIN.transpose(expected, destinationStride, source, sourceStride, rows, columns);
            float[] moved = Floats.read(actual, columns * destinationStride);
            assertThat(moved).isEqualTo(Floats.read(expected, columns * destinationStride));
            float[] original = Floats.read(source, rows * sourceStride);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    assertThat(moved[c * destinationStride + r]).isEqualTo(original[r * sourceStride + c]);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 100})
    void fillsAndCopiesWithStrides(int n) {
        try (Floats floats = new Floats()) {
            long source = floats.normal(3 * n, "x");
            for (int to = 1; to <= 2; to++) {
                for (int from = 0; from <= 3; from++) {
                    long actual = floats.normal(2 * n, "before");
                    long expected = floats.normal(2 * n, "before");
                    FAST.copy(actual, to, source, from, n);
                    PLAIN.copy(expected, to, source, from, n);
                    assertThat(Floats.read(actual, 2 * n)).isEqualTo(Floats.read(expected, 2 * n));
                }
            }
            long filled = floats.space(n);
            FAST.fill(filled, 2.5, n);
            assertThat(Floats.read(filled, n)).containsOnly(n == 0 ? new float[0] : new float[]{2.5f});
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "5, 0", "1, 1", "6, 16", "7, 27", "20, 33"})
    void takesRowsAndAddsTheirGradients(int rows, int n) {
        try (Floats floats = new Floats()) {
            int tableRows = 4;
            long table = floats.normal(tableRows * n, "table");
            long indices = floats.indices(rows, tableRows);
            long actual = floats.space(rows * n);
            long expected = floats.space(rows * n);
            FAST.take(actual, table, indices, rows, n, tableRows);
            PLAIN.take(expected, table, indices, rows, n, tableRows);
            assertThat(Floats.read(actual, rows * n)).isEqualTo(Floats.read(expected, rows * n));
            long gradient = floats.normal(tableRows * n, "before");
            long plain = floats.normal(tableRows * n, "before");
            long lost = floats.space(tableRows * n);
            FAST.takeGradient(gradient, lost, indices, actual, rows, n, tableRows);
            PLAIN.takeGradient(plain, lost, indices, actual, rows, n, tableRows);
            Floats.assertClose(Floats.read(gradient, tableRows * n), Floats.read(plain, tableRows * n), 1e-6,
                    "gradient");
        }
    }

    @Test
    void aRowNamedAMillionTimesGetsTheirSum() {
        int rows = 1_000_000;
        try (Floats floats = new Floats()) {
            long indices = floats.space(rows);
            long dy = floats.space(2 * rows);
            FAST.fill(indices, 1, rows);
            FAST.fill(dy, 0.1, 2 * rows);
            for (Kernels kernels : new Kernels[]{FAST, PLAIN}) {
                long table = floats.space(3 * 2);
                kernels.takeGradient(table, floats.space(3 * 2), indices, dy, rows, 2, 3);
                float sum = (float) ((double) 0.1f * rows);
                Floats.assertClose(Floats.read(table, 3 * 2), new float[]{0, 0, sum, sum, 0, 0}, Math.ulp(1f),
                        "sums");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 3", "7, 1", "64, 0", "100, 2", "33, 4294967290"})
    void bernoulliKeepsWhatPhiloxDrawsBelow(int n, long offset) {
        try (Floats floats = new Floats()) {
            Philox random = Philox.of(7, "dropout");
            long actual = floats.space(n);
            FAST.bernoulli(actual, n, 0.7, random.key(), offset);
            float[] kept = Floats.read(actual, n);
            for (int i = 0; i < n; i++) {
                assertThat(kept[i]).isEqualTo(random.uniform(offset + i) < 0.7 ? 1 : 0);
            }
        }
    }

    @Test
    void bernoulliAtTheEnds() {
        try (Floats floats = new Floats()) {
            long actual = floats.space(100);
            FAST.bernoulli(actual, 100, 1, 5, 0);
            assertThat(Floats.read(actual, 100)).containsOnly(1);
            FAST.bernoulli(actual, 100, 0, 5, 0);
            assertThat(Floats.read(actual, 100)).containsOnly(0);

        }
    }
}
