package org.einscale.tensor.packed;

import org.einscale.tensor.packed.tile.TileSizes;
import org.einscale.tensor.profile.Profile;

/**
 * How a {@link PackedProduct} is cut into blocks that stay in the caches of a machine.
 *
 * @param depth most terms of a sum that are packed at once
 * @param rows most rows of A that are packed at once
 * @param columns most columns of B that are packed at once
 */
public record Blocking(int depth, int rows, int columns) {
    /** Of the L2 cache that a block of A may take. */
    private static final double SHARE_OF_A = 0.375;
    /** Of the L1 cache that a panel of B may take. */
    private static final double SHARE_OF_B = 0.5;

    /**
     * The blocks for a machine. With many registers, a panel of B is more than an L1 cache, which costs less than to read and
     * write C more often.
     */
    public static Blocking of(Profile profile) {
        TileSizes tiles = TileSizes.of(profile.vectors());
        double panel = SHARE_OF_B * profile.caches().first() / (tiles.columns() * Float.BYTES);
        int depth = profile.vectors().many() ? PackingSpace.DEPTH : clamp(panel, Panels.GROUP, PackingSpace.DEPTH);
        double block = SHARE_OF_A * profile.caches().second() / (depth * Float.BYTES);
        return new Blocking(depth, clamp(block, tiles.rows(), PackingSpace.ROWS), PackingSpace.COLUMNS);
    }

    /** The largest multiple of a unit below a number, within bounds. */
    private static int clamp(double number, int unit, int most) {
        return Math.max(unit, (int) Math.min(number, most) / unit * unit);
    }

    /** How often the result is written for sums of k terms. */
    int passes(long k) {
        return Math.toIntExact(Math.ceilDiv(k, depth));
    }

    /** How often A is packed for so many rows and columns and sums of k terms. */
    long packings(long m, long n, long k) {
        return m <= rows && passes(k) <= 1 ? 1 : Math.ceilDiv(n, columns);
    }
}
