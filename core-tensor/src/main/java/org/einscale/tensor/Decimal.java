package org.einscale.tensor;

import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers as people write them: {@code -3}, {@code 0.5} and {@code 4e6}, but not Java's {@code 1d}, {@code 0x1p3} and {@code NaN}. */
public final class Decimal {
    private static final Pattern FORM = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private Decimal() {
    }

    /** The number that the whole text says, if it says one. */
    public static OptionalDouble of(String text) {
        return FORM.matcher(text).matches() ? OptionalDouble.of(Double.parseDouble(text)) : OptionalDouble.empty();
    }
}
