package org.einscale.einsum.plan.product;

import org.einscale.einsum.plan.loop.LoopBody;

/** The innermost loops of a contraction of two operands, as one call. Knows strides and sizes, no addresses. */
public interface PairKernel {
    /** The call, ready to run. */
    LoopBody body();

    /** What is called, with its sizes. */
    String call();

    /** Most terms of a sum, over all calls that add to an element of the result, which lose no more digits than few would. */
    double longestSum();

    /** About how long a call takes. */
    double nanoseconds(Estimates estimates);
}
