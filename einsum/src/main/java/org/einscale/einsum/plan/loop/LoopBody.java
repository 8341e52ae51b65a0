package org.einscale.einsum.plan.loop;

import org.einscale.einsum.plan.tape.Step;

/** What is done in every round of loops over two operands and a result. Knows strides and sizes, no addresses. */
@FunctionalInterface
public interface LoopBody {

    /**
     * Computes a part of the result, allocating nothing.
     *
     * @param base
     *            as in {@link Step#run}
     * @param a
     *            address of the part's first element in the left operand, or the only one
     * @param b
     *            the same in the right operand, if there is one
     * @param c
     *            the same in the result
     * @param add
     *            whether to add to what the result holds, or to combine with it
     */
    void run(long[] base, long a, long b, long c, boolean add);
}
