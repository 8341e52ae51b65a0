package org.einscale.einsum.plan.product;

import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Loops;
import org.einscale.tensor.Precision;

/**
 * A {@link PairKernel} in every round of some loops, the innermost of which may accumulate over part of the contracted axes.
 *
 * @param loops
 *            over the left operand, the right one and the result
 * @param accumulating
 *            number of the first loop whose rounds add to one another
 * @param add
 *            whether the result is added to what is there
 */
public record NestStep(PairKernel kernel, Precision precision, Loops loops, int accumulating, Address a, Address b,
        Address c,
        boolean add) implements Step {

    @Override
    public void run(long[] base) {
        nest(base, 0, a.in(base), b.in(base), c.in(base), add);
    }

    private void nest(long[] base, int depth, long x, long y, long z, boolean adding) {
        if (depth == loops.depth()) {
            kernel.run(base, x, y, z, adding);
            return;
        }
        long moveX = loops.stride(0, depth) * precision.bytes();
        long moveY = loops.stride(1, depth) * precision.bytes();
        long moveZ = loops.stride(2, depth) * precision.bytes();
        for (long i = 0; i < loops.rounds()[depth]; i++) {
            nest(base, depth + 1, x + i * moveX, y + i * moveY, z + i * moveZ,
                    adding || depth >= accumulating && i > 0);
        }
    }
}
