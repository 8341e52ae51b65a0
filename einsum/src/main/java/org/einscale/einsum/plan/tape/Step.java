package org.einscale.einsum.plan.tape;

/**
 * One call of a plan: everything about it but the memory is decided. Steps keep no state, so that any number of
 * sessions may run the same ones.
 */
public interface Step {
    /**
     * Runs the step, allocating nothing.
     *
     * @param base
     *            absolute address of every buffer, by buffer number, then the workspace of the steps
     */
    void run(long[] base);
}
