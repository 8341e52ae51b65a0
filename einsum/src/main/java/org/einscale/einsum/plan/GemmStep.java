package org.einscale.einsum.plan;

import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.SmallGemm;

/**
 * A matrix product for every round of some loops, the innermost of which may accumulate over part of the contracted axes:
 * {@code c = beta * c + op(a) op(b)}, with op(a) m by k and op(b) k by n.
 *
 * @param loops
 *            over a, b and c
 * @param accumulating
 *            number of the first loop whose rounds add to one another
 */
record GemmStep(Precision precision, Call call, Loops loops, int accumulating, Address a, Address b, Address c,
        double beta) implements Step {

    /** Sizes, leading dimensions and transposes of one product. */
    record Call(boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb, int ldc) {
        @Override
        public String toString() {
            return "gemm " + (transposeA ? "T" : "N") + (transposeB ? "T" : "N") + " " + m + "x" + n + "x" + k;
        }
    }

    @Override
    public void run(long[] base) {
        nest(0, a.in(base), b.in(base), c.in(base), beta);
    }

    private void nest(int depth, long x, long y, long z, double scale) {
        if (depth == loops.depth()) {
            SmallGemm.chunked(precision, call.transposeA, call.transposeB, call.m, call.n, call.k, 1, x, call.lda, y,
                    call.ldb,
                    scale, z, call.ldc);
            return;
        }
        long moveX = loops.stride(0, depth) * precision.bytes();
        long moveY = loops.stride(1, depth) * precision.bytes();
        long moveZ = loops.stride(2, depth) * precision.bytes();
        for (int i = 0; i < loops.rounds()[depth]; i++) {
            nest(depth + 1, x + i * moveX, y + i * moveY, z + i * moveZ, depth >= accumulating && i > 0 ? 1 : scale);
        }
    }
}
