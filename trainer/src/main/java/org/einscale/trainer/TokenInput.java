package org.einscale.trainer;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** Writes token numbers into an input of a program, whose values are all floating-point numbers. */
record TokenInput(long address, Precision precision) {
    /** Writes all tokens, row by row, from the first element on. Allocates nothing. */
    void write(int[] tokens) {
        if (precision == Precision.FLOAT) {
            for (int i = 0; i < tokens.length; i++) {
                Raw.putFloat(address + (long) i * Float.BYTES, tokens[i]);
            }
        } else {
            for (int i = 0; i < tokens.length; i++) {
                Raw.putDouble(address + (long) i * Double.BYTES, tokens[i]);
            }
        }
    }
}
