package org.einscale.sharding.collective;

/**
 * Bytes that one of n devices sends in a bandwidth-optimal collective (Patarasuk and Yuan 2009), from the bytes of the
 * tensor that each device holds before (in) or after (out).
 */
public final class RingBytes {
    private RingBytes() {
    }

    /** Every device ends with all parts: {@code out (n - 1) / n}. */
    public static double allGather(double out, int n) {
        return out * (n - 1) / n;
    }

    /** Every device ends with one part of the sum: {@code in (n - 1) / n}. */
    public static double reduceScatter(double in, int n) {
        return in * (n - 1) / n;
    }

    /** Every device ends with the sum, by a reduce-scatter and an all-gather: {@code 2 in (n - 1) / n}. */
    public static double allReduce(double in, int n) {
        return reduceScatter(in, n) + allGather(in, n);
    }

    /** Every device sends a different part to every other: {@code in (n - 1) / n}. */
    public static double allToAll(double in, int n) {
        return in * (n - 1) / n;
    }
}
