package org.einscale.einsum.plan.reduce;

import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Loops;
import org.einscale.tensor.kernel.ReductionKernel;

/**
 * Combines rows of n elements, a matrix for every round of some loops. Rounds of a loop along which the result does not move
 * combine with one another.
 *
 * @param loops
 *            over the result and the operand
 * @param stride
 *            from row to row of the operand, in elements
 * @param bytes
 *            of an element
 * @param most
 *            rows, or elements of them, that the kernel takes at once
 */
public record ReduceRowsStep(ReductionKernel kernel, Loops loops, Address to, Address from, long stride, long rows,
        long n, int bytes, int most) implements Step {

    @Override
    public void run(long[] base) {
        nest(0, to.in(base), from.in(base), false);
    }

    private void nest(int depth, long target, long source, boolean add) {
        if (depth == loops.depth()) {
            rows(target, source, add);
            return;
        }
        long moveTarget = loops.stride(ReduceLowering.TO, depth) * bytes;
        long moveSource = loops.stride(ReduceLowering.FROM, depth) * bytes;
        for (long i = 0; i < loops.rounds()[depth]; i++) {
            nest(depth + 1, target + i * moveTarget, source + i * moveSource, add || i > 0 && moveTarget == 0);
        }
    }

    private void rows(long target, long source, boolean add) {
        for (long r = 0; r < rows; r += most) {
            for (long j = 0; j < n; j += most) {
                kernel.rows(target + j * bytes, source + (r * stride + j) * bytes, stride,
                        (int) Math.min(most, rows - r), (int) Math.min(most, n - j), add || r > 0);
            }
        }
    }
}
