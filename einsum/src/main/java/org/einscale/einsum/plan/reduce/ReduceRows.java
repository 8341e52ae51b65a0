package org.einscale.einsum.plan.reduce;

import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.tensor.kernel.ReductionKernel;

/**
 * Combines rows of n elements.
 *
 * @param stride
 *            from row to row of the operand, in elements
 * @param bytes
 *            of an element
 * @param most
 *            rows, or elements of them, that the kernel takes at once
 */
record ReduceRows(ReductionKernel kernel, long stride, long rows, long n, int bytes, int most) implements LoopBody {

    @Override
    public void run(long[] base, long from, long none, long to, boolean add) {
        for (long r = 0; r < rows; r += most) {
            for (long j = 0; j < n; j += most) {
                kernel.rows(to + j * bytes, from + (r * stride + j) * bytes, stride, (int) Math.min(most, rows - r),
                        (int) Math.min(most, n - j), add || r > 0);
            }
        }
    }
}
