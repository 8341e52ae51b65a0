package org.einscale.scaling;

import java.util.Arrays;

/**
 * A closed interval, low &lt;= high.
 *
 * @param low lower end
 * @param high upper end
 */
public record Interval(double low, double high) {

    /**
     * The central interval that holds a share of the samples (percentile interval, Efron 1981). Quantiles interpolate linearly
     * between order statistics (Hyndman and Fan 1996, type 7).
     *
     * @param samples at least one number, not modified
     * @param level share of the samples inside, in (0, 1), such as 0.95
     */
    public static Interval percentile(double[] samples, double level) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        double tail = (1 - level) / 2;
        return new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail));
    }

    /** Whether a value lies between the ends, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    private static double quantile(double[] sorted, double probability) {
        double position = probability * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        double weight = position - below;
        // Equal ends are taken as they are: infinity minus infinity has no value.
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] * (1 - weight) + sorted[above] * weight;
    }
}
