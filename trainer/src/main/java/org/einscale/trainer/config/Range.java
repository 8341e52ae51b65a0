package org.einscale.trainer.config;

/** The values that a number may have, in the words of an error message. */
public record Range(double low, boolean lowAllowed, double high, boolean highAllowed) {

    public static Range atLeast(double low) {
        return new Range(low, true, Double.POSITIVE_INFINITY, false);
    }

    public static Range above(double low) {
        return new Range(low, false, Double.POSITIVE_INFINITY, false);
    }

    /** [0, 1]. */
    public static Range share() {
        return new Range(0, true, 1, true);
    }

    /** [0, 1). */
    public static Range belowOne() {
        return new Range(0, true, 1, false);
    }

    /** (0, 1). */
    public static Range insideOne() {
        return new Range(0, false, 1, false);
    }

    /** (0, 1]. */
    public static Range aboveToOne() {
        return new Range(0, false, 1, true);
    }

    public boolean contains(double value) {
        boolean aboveLow = lowAllowed ? value >= low : value > low;
        boolean belowHigh = highAllowed ? value <= high : value < high;
        return aboveLow && belowHigh;
    }

    @Override
    public String toString() {
        if (Double.isInfinite(high)) {
            return (lowAllowed ? "of at least " : "above ") + number(low);
        }
        return "in " + (lowAllowed ? '[' : '(') + number(low) + ", " + number(high) + (highAllowed ? ']' : ')');
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
