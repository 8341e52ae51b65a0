package org.einscale.einsum.plan.product;

import org.einscale.einsum.plan.tape.Step;
/** The innermost loops of a contraction of two operands, as one call. Knows strides and sizes, no addresses. */
public interface PairKernel {

    /**
     * Computes a part of the result.
     *
     * @param base
     *            as in {@link Step#run}
     * @param a
     *            address of the part's first element in the left operand
     * @param b
     *            the same in the right operand
     * @param c
     *            the same in the result
     * @param add
     *            whether to add to what the result holds
     */
    void run(long[] base, long a, long b, long c, boolean add);

    /** The same, ready to run: a kernel that is only compared with others need not be. */
    default PairKernel prepared() {
        return this;
    }

    /** What is called, with its sizes. */
    String call();

    /** Most terms of a sum, over all calls that add to an element of the result, which lose no more digits than few would. */
    double longestSum();

    /** About how long a call takes. */
    double nanoseconds(Estimates estimates);
}
