package org.einscale.tensor.profile;

/**
 * What one core has of each cache, in bytes.
 *
 * @param first
 *            of the data cache next to the core (L1)
 * @param second
 *            of the next (L2)
 */
public record Caches(long first, long second) {
    /** What every processor of the last ten years has at the least. */
    public static final Caches TYPICAL = new Caches(32 << 10, 512 << 10);
    /** What all caches hold together, in L2 caches. */
    private static final double ALL = 8;

    /** Whether no cache holds so many bytes. */
    public boolean far(double bytes) {
        return bytes > ALL * second;
    }
}
