package org.einscale.tensor.blas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.einscale.tensor.Precision;

/** What the BLAS of this machine is like: work that shows how fast it is. */
public final class GemmRates {
    /** Side of a large product: its operands stay in an L2 cache, and all are packed. */
    private static final int LARGE = 384;
    /** Side of a product that a small-matrix kernel takes. */
    private static final int SMALL = 64;

    private final MemorySegment matrices;

    /** @param arena that owns the operands */
    public GemmRates(Arena arena) {
        matrices = arena.allocate(3L * LARGE * LARGE * Float.BYTES, 64);
    }

    /** Whether BLAS has a kernel for small matrices. */
    public static boolean unpacks() {
        return OpenBlas.HAS_SMALL_KERNEL;
    }

    /** A large product by BLAS; returns its floating-point operations. */
    public double sgemm() {
        return sgemm(LARGE);
    }

    /** A small one. */
    public double unpackedSgemm() {
        return sgemm(SMALL);
    }

    /** A product of which nothing but the call takes time. */
    public double call() {
        return sgemm(1);
    }

    private double sgemm(int n) {
        long a = matrices.address();
        long size = (long) LARGE * LARGE * Float.BYTES;
        Gemm.gemm(Precision.FLOAT, false, false, n, n, n, 1, a, n, a + size, n, 0, a + 2 * size, n);
        return 2.0 * n * n * n;
    }
}
