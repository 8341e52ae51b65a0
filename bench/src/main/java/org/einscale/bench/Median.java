package org.einscale.bench;

import java.util.Arrays;

/** The middle of values. */
public final class Median {
    private Median() {
    }

    /** Of at least one value, not modified; of an even number of them, the mean of the two in the middle. */
    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
