package org.einscale.trainer;

import java.util.Arrays;

/** The last tokens of a text, as many as a model can see, from the left; the rest is padding, which a causal model ignores. */
final class Context {
    private final int[] tokens;
    private int count;

    Context(int length) {
        tokens = new int[length];
    }

    /** Adds a token after the others; the oldest goes where there is no room. */
    void add(int token) {
        if (count == tokens.length) {
            System.arraycopy(tokens, 1, tokens, 0, count - 1);
            count--;
        }
        tokens[count++] = token;
    }

    /** Starts an empty text. */
    void clear() {
        Arrays.fill(tokens, 0);
        count = 0;
    }

    /** Position of the newest token. */
    int last() {
        return count - 1;
    }

    /** The tokens and the padding; not to be modified. */
    int[] padded() {
        return tokens;
    }
}
