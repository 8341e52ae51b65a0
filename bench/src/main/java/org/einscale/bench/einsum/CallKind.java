package org.einscale.bench.einsum;

/** How a contraction is asked for: the work that a run does. */
public enum CallKind {
    /**
     * The contraction, prepared as far as the participant can: Einscale compiles it and writes into a given array, all others
     * take the string and make a new array.
     */
    EINSUM,
    /** The contraction and the gradients of all operands, given that of the result. */
    GRADIENTS,
    /** As {@link #EINSUM}, but every participant makes a new array for the result. */
    NEW_RESULT,
    /** From the string every time; Einscale into a given array, all others into a new one. */
    STRING,
    /** A product of two matrices by the participant's own operation for that; Einscale knows no other than {@link #EINSUM}. */
    PRODUCT
}
