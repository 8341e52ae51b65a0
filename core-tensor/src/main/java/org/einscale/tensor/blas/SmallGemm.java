package org.einscale.tensor.blas;

import org.einscale.tensor.Precision;

/**
 * Matrix products cut into pieces that OpenBLAS computes with its small-matrix kernel, which does not pack its operands.
 * It takes that kernel for float32 when m n k is at most a million, and for NT only
 * when m n is at most 1200 and k at least 32, in its builds for AVX-512 (core SkylakeX and newer).
 *
 * <p>Measured with OpenBLAS 0.3.31 on one core of a Zen 5 at about 250 GFLOP/s peak, plain / in pieces, in GFLOP/s:
 *
 * <pre>
 *   (m, n, k)        NN           NT           (m, n, k)        TN
 *   512, 128, 32     208 / 253    207 / 186    32, 128, 512     119 / 259
 *   512, 32, 128     201 / 256    201 / 172    128, 32, 512     126 / 256
 *   1024, 256, 64    226 / 248    228 / 175    64, 256, 1024    167 / 254
 *   1024, 64, 256    217 / 255    217 / 222    256, 64, 1024    166 / 254
 *   1024, 512, 128   236 / 242    238 / 157    128, 512, 1024   197 / 218
 *   1024, 128, 512   228 / 234    234 / 223    512, 128, 1024   203 / 252
 *   1024, 1024, 256  228 / 144    139 / 204    256, 1024, 1024  200 / 187
 * </pre>
 *
 * <p>So NN and TN are cut while the second operand, or the result, is small enough to stay in the cache; NT and float64
 * never are. On a core without that kernel (Haswell: 117 / 107 and 80 / 79 in the first row) nothing is cut.
 */
public final class SmallGemm {
    /** The largest m n k for which OpenBLAS takes its small-matrix kernel. */
    static final long LARGEST_VOLUME = 1_000_000;
    /** The largest m n and the smallest k for which it does so for NT. */
    private static final long LARGEST_RESULT_OF_DOTS = 1200;
    private static final int SHORTEST_DOT = 32;
    /** Elements of B (NN) or C (TN) up to which pieces were faster. */
    private static final long LARGEST_OPERAND = 1 << 16;
    /** Columns of an NN product from which on pieces write too far apart. */
    private static final int MANY_COLUMNS = 1024;
    private static final int NARROW = 32;
    private static final int WIDE = 64;
    private static final int LONGEST_SHALLOW_SUM = 128;
    private static final int LONGEST_SUM = 256;
    private static final int TALLEST_PIECE = 128;

    private SmallGemm() {
    }

    /** The same product as {@link Gemm#gemm}, in pieces where that is faster. Sums may round differently. */
    public static void chunked(Precision p, boolean transposeA, boolean transposeB, int m, int n, int k, double alpha,
            long a, int lda, long b, int ldb, double beta, long c, int ldc) {
        if (p == Precision.FLOAT && OpenBlas.HAS_SMALL_KERNEL) {
            cut(transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        } else {
            Gemm.gemm(p, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        }
    }

    /**
     * Whether {@link #chunked} leaves the operands of such a product unpacked, be it whole or in pieces.
     *
     * @param hasKernel whether BLAS has a small-matrix kernel
     */
    static boolean unpacked(boolean hasKernel, Precision p, boolean transposeA, boolean transposeB, long m, long n,
            long k) {
        boolean dots = !transposeA && transposeB;
        boolean small = (double) m * n * k <= LARGEST_VOLUME
                && (!dots || (double) m * n <= LARGEST_RESULT_OF_DOTS && k >= SHORTEST_DOT);
        return p == Precision.FLOAT && hasKernel
                && (small || cutsResult(transposeA, transposeB, m, n) || cutsColumns(transposeA, transposeB, n, k));
    }

    private static boolean cutsResult(boolean transposeA, boolean transposeB, long m, long n) {
        return transposeA && !transposeB && (double) m * n <= LARGEST_OPERAND;
    }

    private static boolean cutsColumns(boolean transposeA, boolean transposeB, long n, long k) {
        return !transposeA && !transposeB && k <= LONGEST_SUM && n < MANY_COLUMNS && n * k <= LARGEST_OPERAND;
    }

    /** The product in float32, cut as pays where there is a small-matrix kernel. */
    static void cut(boolean transposeA, boolean transposeB, int m, int n, int k, double alpha, long a, int lda, long b,
            int ldb, double beta, long c, int ldc) {
        Precision p = Precision.FLOAT;
        if (transposeB || (long) m * n * k <= LARGEST_VOLUME) {
            Gemm.gemm(p, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        } else if (cutsResult(transposeA, false, m, n)) {
            int rows = Math.min(m, TALLEST_PIECE);
            int columns = Math.min(n, NARROW);
            pieces(true, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, rows, columns, share(rows, columns, WIDE));
        } else if (cutsColumns(transposeA, false, n, k)) {
            int columns = Math.min(n, k <= LONGEST_SHALLOW_SUM ? NARROW : WIDE);
            pieces(false, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, share(columns, k, NARROW), columns, k);
        } else {
            Gemm.gemm(p, transposeA, false, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
        }
    }

    /** The largest multiple of a unit that keeps a piece with two given sides within the volume. */
    private static int share(int one, int other, int unit) {
        return (int) (LARGEST_VOLUME / ((long) one * other) / unit) * unit;
    }

    private static void pieces(boolean transposeA, int m, int n, int k, double alpha, long a, int lda, long b, int ldb,
            double beta, long c, int ldc, int rows, int columns, int depth) {
        int bytes = Float.BYTES;
        for (int l = 0; l < k; l += depth) {
            for (int i = 0; i < m; i += rows) {
                long fromA = a + bytes * (transposeA ? (long) l * lda + i : (long) i * lda + l);
                for (int j = 0; j < n; j += columns) {
                    Gemm.gemm(Precision.FLOAT, transposeA, false, Math.min(rows, m - i), Math.min(columns, n - j),
                            Math.min(depth, k - l), alpha, fromA, lda, b + bytes * ((long) l * ldb + j), ldb,
                            l == 0 ? beta : 1, c + bytes * ((long) i * ldc + j), ldc);
                }
            }
        }
    }
}
