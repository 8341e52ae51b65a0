package org.einscale.tensor.profile;

/**
 * How fast one core works, in float32.
 *
 * @param sgemm
 *            GFLOP/s of BLAS multiplying large matrices, which it packs
 * @param unpackedSgemm
 *            GFLOP/s of its kernel for small matrices, which it does not pack; 0 if it has none
 * @param packed
 *            GFLOP/s of the large tile of our packed product, on packed panels
 * @param dots
 *            GFLOP/s of the large tile of our dot products, on rows in the L1 cache
 * @param rows
 *            products a nanosecond summed along rows in the L1 cache
 * @param copied
 *            elements a nanosecond copied from row to row
 * @param scattered
 *            elements a nanosecond copied one by one from places apart
 * @param memory
 *            bytes a nanosecond read from beyond the caches
 * @param call
 *            nanoseconds that a call of BLAS takes
 */
public record Rates(double sgemm, double unpackedSgemm, double packed, double dots, double rows, double copied,
        double scattered, double memory, double call) {
    /** Rates are known to a twelfth of an octave, six percent: closer would be noise, and plans would not repeat. */
    private static final int STEPS_OF_AN_OCTAVE = 12;
    private static final double THREE_DIGITS = 1000;

    /** @throws IllegalArgumentException if a rate but {@code unpackedSgemm} is not above 0 */
    public Rates {
        double[] all = {sgemm, packed, dots, rows, copied, scattered, memory, call};
        for (double rate : all) {
            if (!(rate > 0 && Double.isFinite(rate))) {
                throw new IllegalArgumentException("a rate of " + rate + ": expected a number above 0");
            }
        }
        if (!(unpackedSgemm >= 0 && Double.isFinite(unpackedSgemm))) {
            throw new IllegalArgumentException(
                    "unpacked sgemm at " + unpackedSgemm + " GFLOP/s: expected a number above 0, or 0 for none");
        }
    }

    /** The same, each rounded to six percent. */
    public Rates rounded() {
        return new Rates(round(sgemm), round(unpackedSgemm), round(packed), round(dots), round(rows), round(copied),
                round(scattered), round(memory), round(call));
    }

    private static double round(double rate) {
        if (rate == 0) {
            return 0;
        }
        double octaves = Math.rint(STEPS_OF_AN_OCTAVE * Math.log(rate) / Math.log(2)) / STEPS_OF_AN_OCTAVE;
        double stepped = Math.pow(2, octaves);
        double unit = Math.pow(10, Math.floor(Math.log10(stepped))) / (THREE_DIGITS / 10);
        return Math.rint(stepped / unit) * unit;
    }
}
