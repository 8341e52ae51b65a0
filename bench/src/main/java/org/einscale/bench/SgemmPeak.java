package org.einscale.bench;

import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.einscale.tensor.memory.TensorArena;

/** The most that one thread can be hoped to do: a product of two 1024 by 1024 float matrices by OpenBLAS. */
final class SgemmPeak implements AutoCloseable {
    private static final int N = 1024;
    private static final long BYTES = (long) N * N * Float.BYTES;
    private static final int REPEATS = 5;

    private final TensorArena arena = TensorArena.allocate(3 * BYTES);

    /** Fills both operands with ones. */
    SgemmPeak() {
        arena.array(Precision.FLOAT, 0, 2L * N * N).assign(1);
    }

    /** The best of a few products now, in GFLOP/s. */
    double measure() {
        long best = Long.MAX_VALUE;
        long a = arena.address();
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            Gemm.gemm(Precision.FLOAT, false, false, N, N, N, 1, a, N, a + BYTES, N, 0, a + 2 * BYTES, N);
            best = Math.min(best, System.nanoTime() - start);
        }
        return 2.0 * N * N * N / best;
    }

    @Override
    public void close() {
        arena.close();
    }
}
