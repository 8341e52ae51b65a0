package org.einscale.einsum.plan;

import java.util.List;

/**
 * A way to compute a {@link Pair}.
 *
 * @param swapped
 *            whether kernel and loops see the operands in each other's place
 * @param outer
 *            loops around the kernel
 */
record PairChoice(boolean swapped, PairKernel kernel, List<Loop> outer) {
    private static final double ROUND = 2;

    double nanoseconds() {
        return Loop.volume(outer) * (ROUND + kernel.nanoseconds());
    }

    /** What is called, and how often. */
    String call() {
        long calls = (long) Loop.volume(outer);
        return kernel.call() + (calls == 1 ? "" : " times " + calls);
    }

    /** The step for operands and a result with the strides that this was chosen for. */
    NestStep step(Tape tape, Place a, Place b, Place c, boolean add) {
        Address left = (swapped ? b : a).address(tape.precision());
        Address right = (swapped ? a : b).address(tape.precision());
        int accumulating = (int) outer.stream().filter(loop -> loop.kind() != Loop.Kind.CONTRACTED).count();
        return new NestStep(kernel.prepared(), tape.precision(), Loop.nest(outer), accumulating, left, right,
                c.address(tape.precision()), add);
    }
}
