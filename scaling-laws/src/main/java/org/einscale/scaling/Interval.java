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
        return percentile(samples, samples, level);
    }

    /**
     * The same for samples known no better than to lie between two values: the low end is a quantile of the lower values, the high end
     * one of the upper.
     *
     * @param lows at least one number, not modified
     * @param highs as many, none below its low, not modified
     * @param level share of the samples inside, in (0, 1)
     */
    public static Interval percentile(double[] lows, double[] highs, double level) {
        double tail = (1 - level) / 2;
        return new Interval(quantile(lows, tail), quantile(highs, 1 - tail));
    }

    /** The interval as people read it, such as {@code [1.690, inf]}. */
    public String text() {
        return "[" + Figures.of(low) + ", " + Figures.of(high) + "]";
    }

    /** The same for an interval of natural logarithms: of the numbers themselves, as powers of ten where no double holds them. */
    public String textOfLogs() {
        return "[" + Figures.ofLog(low) + ", " + Figures.ofLog(high) + "]";
    }

    /** The interval of the numbers of which this is one of natural logarithms. */
    public Interval exp() {
        return new Interval(Math.exp(low), Math.exp(high));
    }

    /** Whether a value lies between the ends, ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    private static double quantile(double[] samples, double probability) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        double position = probability * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = (int) Math.ceil(position);
        if (Double.isInfinite(sorted[below]) || Double.isInfinite(sorted[above])) {
            // Nothing lies between a number and infinity: the outer of the two.
            return probability < 0.5 ? sorted[below] : sorted[above];
        }
        double weight = position - below;
        return sorted[below] * (1 - weight) + sorted[above] * weight;
    }
}
