package org.einscale.scaling.frontier;

import java.util.List;

/**
 * How the best size grows with compute: {@code N = exp(log G) C^a}, and with {@code C = 6 N D} the tokens as {@code C^(1 - a)}.
 *
 * @param logCoefficient log G
 * @param exponent a
 */
public record Growth(double logCoefficient, double exponent) {

    /**
     * A size that is best for a budget.
     *
     * @param c FLOPs
     * @param n parameters
     */
    public record Best(double c, double n) {}

    /** Whether budgets say how the best size grows: there are at least two of them, and two sizes. */
    static boolean isSeen(List<Best> bests) {
        return bests.stream().mapToDouble(Best::c).distinct().count() > 1
                && bests.stream().mapToDouble(Best::n).distinct().count() > 1;
    }

    /** The straight line through sizes and budgets on logarithmic axes, by least squares; at least two budgets. */
    static Growth through(List<Best> bests) {
        double meanC = bests.stream().mapToDouble(best -> Math.log(best.c)).average().orElse(Double.NaN);
        double meanN = bests.stream().mapToDouble(best -> Math.log(best.n)).average().orElse(Double.NaN);
        double both = 0;
        double square = 0;
        for (Best best : bests) {
            both += (Math.log(best.c) - meanC) * (Math.log(best.n) - meanN);
            square += Math.pow(Math.log(best.c) - meanC, 2);
        }
        return new Growth(meanN - both / square * meanC, both / square);
    }

    /** The best size for a budget. */
    public double n(double c) {
        return Math.exp(logCoefficient + exponent * Math.log(c));
    }
}
