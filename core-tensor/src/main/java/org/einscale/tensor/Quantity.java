package org.einscale.tensor;

import java.util.List;
import java.util.Locale;

/** Large numbers as people read them, of three figures with a unit. */
public final class Quantity {
    private static final List<String> THOUSANDS = List.of("", " k", " M", " G", " T", " P", " E");
    private static final List<String> BINARY = List.of(" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB");

    private Quantity() {
    }

    /** A count: {@code 999}, {@code 2.40 k}, {@code 1.05 M}. */
    public static String count(double value) {
        return scaled(value, 1000, THOUSANDS);
    }

    /** A number of bytes: {@code 12 B}, {@code 64.0 KiB}, {@code 1.50 MiB}. */
    public static String bytes(double value) {
        return scaled(value, 1024, BINARY);
    }

    private static String scaled(double value, double unit, List<String> names) {
        double rest = value;
        int power = 0;
        while (rest >= unit && power < names.size() - 1) {
            rest /= unit;
            power++;
        }
        return (power == 0 ? Long.toString(Math.round(rest)) : String.format(Locale.ROOT, "%.3g", rest))
                + names.get(power);
    }
}
