package org.einscale.scaling;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: a few significant figures, no exponent where a plain number is short enough. */
public final class Figures {

    private static final double[] SUFFIX_VALUES = {1e12, 1e9, 1e6, 1e3};
    private static final String[] SUFFIXES = {"T", "B", "M", "k"};

    private Figures() {
    }

    /** Four significant figures: {@code 1.690}, {@code 0.3392}, {@code 406.4}, {@code 12850}, {@code 1.234e+07}. */
    public static String of(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value) || value == 0) {
            return value == 0 ? "0" : Double.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
        }
        if (size < 1e-4 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        int decimals = Math.clamp(3L - (long) Math.floor(Math.log10(size)), 0, 8);
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** A number by its natural logarithm: as {@link #of} where a double holds it, else a power of ten such as {@code 10^512.6}. */
    public static String ofLog(double log) {
        double value = Math.exp(log);
        boolean held = value >= Double.MIN_NORMAL && value <= Double.MAX_VALUE;
        return held || Double.isNaN(log) || Double.isInfinite(log)
                ? of(value)
                : String.format(Locale.ROOT, "10^%.1f", log / Math.log(10));
    }

    /** A count with a suffix, three significant figures at most: {@code 800}, {@code 12.3k}, {@code 1M}, {@code 70B}. */
    public static String count(double value) {
        return count(value, 3);
    }

    /** The same with so many significant figures at most. */
    public static String count(double value, int figures) {
        for (int i = 0; i < SUFFIXES.length; i++) {
            // 0.9995 rounds up to 1 at three figures, so it already takes the larger suffix.
            if (value >= 0.9995 * SUFFIX_VALUES[i]) {
                return plain(value / SUFFIX_VALUES[i], figures) + SUFFIXES[i];
            }
        }
        return plain(value, figures);
    }

    private static String plain(double value, int figures) {
        return new BigDecimal(value).round(new MathContext(figures)).stripTrailingZeros().toPlainString();
    }
}
