package org.einscale.tensor.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.memory.TensorArena;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class GemmTest {
    private static final int[] SMALL = {0, 1, 2, 5, 17};

    @ParameterizedTest
    @EnumSource
    void agreesWithTheTripleLoopInAllTransposesAndSizes(Precision p) {
        for (int flags = 0; flags < 4; flags++) {
            for (int m : SMALL) {
                for (int n : SMALL) {
                    for (int k : SMALL) {
                        check(Gemm::gemm, p, (flags & 1) != 0, (flags & 2) != 0, m, n, k, 3);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 4", "1, 1, 1", "5, 7, 9", "200, 70, 80", "100, 40, 300", "150, 60, 260", "70, 70, 600",
        "33, 129, 500"})
    void piecesAgreeWithTheTripleLoop(int m, int n, int k) {
        for (int flags = 0; flags < 4; flags++) {
            boolean transposeA = (flags & 1) != 0;
            boolean transposeB = (flags & 2) != 0;
            check(SmallGemm::chunked, Precision.FLOAT, transposeA, transposeB, m, n, k, 3);
            // Also on a machine where chunked would leave everything whole.
            check((p, ta, tb, rows, columns, sum, alpha, a, lda, b, ldb, beta, c, ldc) -> SmallGemm.cut(ta, tb, rows,
                    columns,
                    sum, alpha, a, lda, b, ldb, beta, c, ldc), Precision.FLOAT, transposeA, transposeB, m, n, k, 3);
        }
        check(SmallGemm::chunked, Precision.DOUBLE, false, false, m, n, k, 0);
    }

    @Test
    void blasRunsOnOneThreadAlsoAfterNd4jUsedIt() {
        assertThat(Gemm.threads()).isEqualTo(1);
        Nd4j.ones(64, 64).mmul(Nd4j.ones(64, 64));
        assertThat(Gemm.threads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlySmallOrCutProductsOfFloatsGoUnpackedAndOnlyWithTheKernelForThem(boolean can) {
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, false, false, 100, 100, 100)).isEqualTo(can);
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, true, true, 100, 100, 100)).isEqualTo(can);
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, false, false, 1024, 256, 256)).isEqualTo(can);
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, true, false, 256, 256, 1024)).isEqualTo(can);
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, false, false, 1024, 1024, 64)).isFalse();
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, false, true, 100, 100, 100)).isFalse();
        assertThat(SmallGemm.unpacked(can, Precision.FLOAT, true, true, 200, 200, 200)).isFalse();
        assertThat(SmallGemm.unpacked(can, Precision.DOUBLE, false, false, 10, 10, 10)).isFalse();
    }

    @Test
    void aVectorHoldsHalfAsManyDoubles() {
        assertThat(Gemm.lanes(Precision.FLOAT)).isIn(4, 8, 16).isEqualTo(2 * Gemm.lanes(Precision.DOUBLE));
    }

    @Test
    void doesNotReadTheDestinationWhenBetaIsZero() {
        try (TensorArena arena = TensorArena.allocate(64)) {
            Raw.putFloat(arena.address(), Float.NaN);
            Gemm.gemm(Precision.FLOAT, false, false, 1, 1, 0, 1, arena.address(), 1, arena.address(), 1, 0,
                    arena.address(), 1);
            assertThat(Raw.getFloat(arena.address())).isZero();
        }
    }

    /** The signature of both entry points. */
    private interface Product {
        void run(Precision p, boolean transposeA, boolean transposeB, int m, int n, int k, double alpha, long a,
                int lda,
                long b, int ldb, double beta, long c, int ldc);
    }

    private static void check(Product product, Precision p, boolean ta, boolean tb, int m, int n, int k, int padding) {
        int lda = (ta ? m : k) + padding;
        int ldb = (tb ? k : n) + padding;
        int ldc = n + padding;
        int rowsA = ta ? k : m;
        int rowsB = tb ? n : k;
        int total = rowsA * lda + rowsB * ldb + 2 * m * ldc;
        try (TensorArena arena = TensorArena.allocate((long) total * p.bytes())) {
            Philox random = Philox.of(1, "gemm");
            for (int i = 0; i < total - m * ldc; i++) {
                Raw.put(p, arena.address() + (long) i * p.bytes(), random.normal(i));
            }
            long a = arena.address();
            long b = a + (long) rowsA * lda * p.bytes();
            long c = b + (long) rowsB * ldb * p.bytes();
            long expected = c + (long) m * ldc * p.bytes();
            for (long i = 0; i < (long) m * ldc; i++) {
                Raw.put(p, expected + i * p.bytes(), Raw.get(p, c + i * p.bytes()));
            }
            loop(p, ta, tb, m, n, k, 0.5, a, lda, b, ldb, 2, expected, ldc);
            product.run(p, ta, tb, m, n, k, 0.5, a, lda, b, ldb, 2, c, ldc);
            double tolerance = (p == Precision.FLOAT ? 1e-6 : 1e-14) * (k + 4);
            for (long i = 0; i < (long) m * ldc; i++) {
                double error = Raw.get(p, c + i * p.bytes()) - Raw.get(p, expected + i * p.bytes());
                if (!(Math.abs(error) <= tolerance)) {
                    assertThat(error).as("%s%s %d %d %d at %d", ta, tb, m, n, k, i).isCloseTo(0, within(tolerance));
                }
            }
        }
    }

    private static void loop(Precision p, boolean ta, boolean tb, int m, int n, int k, double alpha, long a, int lda,
            long b, int ldb, double beta, long c, int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    long indexA = ta ? (long) l * lda + i : (long) i * lda + l;
                    long indexB = tb ? (long) j * ldb + l : (long) l * ldb + j;
                    sum += Raw.get(p, a + indexA * p.bytes()) * Raw.get(p, b + indexB * p.bytes());
                }
                long address = c + ((long) i * ldc + j) * p.bytes();
                Raw.put(p, address, alpha * sum + beta * Raw.get(p, address));
            }
        }
    }
}
