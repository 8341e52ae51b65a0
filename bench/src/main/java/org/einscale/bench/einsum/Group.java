package org.einscale.bench.einsum;

import java.util.Locale;

/** Cases that belong together and share a geometric mean. */
public enum Group {
    /** The tensor contractions of the TCCG benchmark (Springer and Bientinesi 2018, ACM TOMS 44(3)). */
    TCCG,
    /** Contractions of a GPT. */
    GPT,
    /** The same with the gradients of all operands. */
    GPT_GRADIENTS,
    /** Contractions that users of other libraries reported as slow. */
    USER,
    /** The smallest product, called in several ways. */
    CALLS;

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
