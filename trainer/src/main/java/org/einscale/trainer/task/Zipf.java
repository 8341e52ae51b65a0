package org.einscale.trainer.task;

import java.util.Arrays;

/**
 * Ranks 1 to n that occur in proportion to {@code rank^-s} (Zipf 1949). Ranks are counted from 0 in every method.
 */
public final class Zipf {
    /** Of the ranks up to each. */
    private final double[] cumulated;
    private final double[] shares;

    /**
     * @param count n, 1 or more
     * @param exponent s, 0 (all alike) or more
     */
    public Zipf(int count, double exponent) {
        shares = new double[count];
        for (int rank = 0; rank < count; rank++) {
            shares[rank] = Math.pow(rank + 1, -exponent);
        }
        double total = 0;
        for (int rank = count - 1; rank >= 0; rank--) {
            total += shares[rank];
        }
        cumulated = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++) {
            shares[rank] /= total;
            sum += shares[rank];
            cumulated[rank] = sum;
        }
        cumulated[count - 1] = 1;
    }

    /** n. */
    public int count() {
        return shares.length;
    }

    /** How often a rank occurs, a share of 1. */
    public double share(int rank) {
        return shares[rank];
    }

    /** The rank at a point of [0, 1), of which each has an interval as long as its share. */
    public int at(double point) {
        int found = Arrays.binarySearch(cumulated, point);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** How far, in [0, 1), the point lies in the interval of its rank. */
    double within(double point, int rank) {
        double low = rank == 0 ? 0 : cumulated[rank - 1];
        return Math.clamp((point - low) / (cumulated[rank] - low), 0, Math.nextDown(1.0));
    }

    /**
     * Share of what never occurred in some draws: {@code sum_k p_k (1 - p_k)^D}, which for s above 1 falls as
     * {@code D^-((s - 1) / s)} until all ranks have been seen.
     *
     * @param draws D, 0 or more; need not be whole
     */
    public double unseen(double draws) {
        double sum = 0;
        for (double share : shares) {
            sum += share * Math.exp(draws * Math.log1p(-share));
        }
        return sum;
    }

    /** Share of the ranks beyond the first so many. */
    public double beyond(int first) {
        double sum = 0;
        for (int rank = count() - 1; rank >= first; rank--) {
            sum += shares[rank];
        }
        return sum;
    }
}
