package org.einscale.trainer.layer;

/**
 * What a parameter connects, by its first use. An axis of a matrix that is neither summed nor the matrix's alone, such as that of
 * experts, counts for neither side.
 *
 * @param summed elements of the matrix that each output of the einsum sums over
 * @param in of these, those that are multiplied by data; 1 if it is no matrix
 * @param out outputs that an element of the input adds to
 */
record Fan(Use use, long summed, long in, long out) {
    /** How a parameter is read. */
    enum Use {
        /** As a matrix, by an einsum. */
        MULTIPLIED,
        /** As a table, by {@code take}. */
        LOOKED_UP,
        /** Element by element, or not at all. */
        ELEMENTWISE
    }
}
