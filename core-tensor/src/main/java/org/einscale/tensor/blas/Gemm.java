package org.einscale.tensor.blas;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** Matrix products by OpenBLAS on off-heap memory, single-threaded and without allocation. */
public final class Gemm {
    private static final int ROW_MAJOR = 101;
    private static final int NOT_TRANSPOSED = 111;
    private static final int TRANSPOSED = 112;

    private Gemm() {
    }

    /**
     * C = alpha op(A) op(B) + beta C, row-major, where op(A) is m by k and op(B) is k by n. With beta 0, C is not read.
     *
     * @param transposeA whether A is stored k by m
     * @param transposeB whether B is stored n by k
     * @param a address of A, not modified
     * @param lda elements from a stored row of A to the next, at least the row's length
     * @param b address of B, not modified
     * @param ldb elements from a stored row of B to the next
     * @param c address of C, modified; must not overlap A or B
     * @param ldc elements from a row of C to the next, at least n
     */
    public static void gemm(Precision p, boolean transposeA, boolean transposeB, int m, int n, int k, double alpha,
            long a, int lda, long b, int ldb, double beta, long c, int ldc) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            scale(p, m, n, beta, c, ldc);
            return;
        }
        int opA = transposeA ? TRANSPOSED : NOT_TRANSPOSED;
        int opB = transposeB ? TRANSPOSED : NOT_TRANSPOSED;
        // A matrix of one row may come with any row stride; OpenBLAS refuses one below the row's length.
        int strideA = Math.max(lda, transposeA ? m : k);
        int strideB = Math.max(ldb, transposeB ? k : n);
        int strideC = Math.max(ldc, n);
        try {
            if (p == Precision.FLOAT) {
                OpenBlas.SGEMM.invokeExact(ROW_MAJOR, opA, opB, m, n, k, (float) alpha, a, strideA, b, strideB,
                        (float) beta, c, strideC);
            } else {
                OpenBlas.DGEMM.invokeExact(ROW_MAJOR, opA, opB, m, n, k, alpha, a, strideA, b, strideB, beta, c,
                        strideC);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS gemm failed", e);
        }
    }

    /** C = beta C: what a product over no elements leaves. */
    private static void scale(Precision p, int m, int n, double beta, long c, int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                long address = c + ((long) i * ldc + j) * p.bytes();
                Raw.put(p, address, beta == 0 ? 0 : beta * Raw.get(p, address));
            }
        }
    }

    /**
     * Numbers in a vector of the kernels that OpenBLAS has chosen for this processor, or was told to choose: its speed grows
     * with them.
     */
    public static int lanes(Precision p) {
        return OpenBlas.VECTOR_BITS / Byte.SIZE / p.bytes();
    }

    /** Number of threads OpenBLAS uses, which is 1. */
    static int threads() {
        try {
            return (int) OpenBlas.GET_THREADS.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_num_threads failed", e);
        }
    }
}
