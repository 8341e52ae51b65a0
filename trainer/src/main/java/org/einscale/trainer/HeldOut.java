package org.einscale.trainer;

import java.util.function.DoubleUnaryOperator;

/**
 * The sequences that every model of a length is measured on.
 *
 * @param count how many there are, at least 1
 * @param bitsPerByte from a mean loss in nats per token; NaN where there are no bytes
 */
record HeldOut(Sequences sequences, int count, DoubleUnaryOperator bitsPerByte) {

    /** A power of two near the root of a number; what is cut to a multiple of it has many divisors. */
    static int batch(int count) {
        int log2 = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(count);
        return 1 << log2 / 2;
    }
}
