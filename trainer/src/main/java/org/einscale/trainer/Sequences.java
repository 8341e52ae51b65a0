package org.einscale.trainer;

/** Sequences of tokens with their targets, each a pure function of its number. */
@FunctionalInterface
public interface Sequences {

    /**
     * Writes sequences that follow one another, row by row. Allocates nothing.
     *
     * @param first number of the first one, 0 or more
     * @param rows how many
     * @param tokens {@code [rows, length]}; all modified
     * @param targets of the same shape, what is to be predicted at each token; all modified
     * @param weights of the same shape, what each target counts, 0 or more; left alone if all of them always count alike
     */
    void fill(long first, int rows, int[] tokens, int[] targets, double[] weights);
}
