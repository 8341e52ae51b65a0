package org.einscale.tensor.dot;

import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long {@link DotProducts} take on a machine: only has to rank it with other ways to compute the same. */
public final class DotEstimate {
    private static final double CALL = 150;
    /** Nanoseconds for a piece of a row that is joined with others, or for what is left of it after whole vectors. */
    private static final double JOINED_PIECE = 4;
    private static final double REST = 15;
    /** Nanoseconds for a sum, and for each block of its terms, where the sums of a block stay in a cache and where not. */
    private static final double SUM = 3;
    private static final double BLOCK_OF_A_SUM = 0.5;
    private static final double BLOCK_OF_MANY_SUMS = 4;
    /** Of the bytes of the L2 cache that vectors of sums may take. */
    private static final double SHARE_OF_SUMS = 0.5;
    /** Reading from a cache, in products summed along rows; from memory, in bytes read one after the other. */
    private static final double FROM_CACHE = 0.7;
    private static final double FROM_MEMORY = 1.5;

    private final Profile profile;
    private final Rates rates;

    /** Estimates for a machine. */
    public DotEstimate(Profile profile) {
        this.profile = profile;
        this.rates = profile.rates();
    }

    /**
     * Nanoseconds of a product.
     *
     * @param m rows of A
     * @param n columns of B
     * @param groups pieces of a row, side by side in neither operand
     * @param length of a piece
     */
    public double nanoseconds(int m, int n, double groups, int length) {
        boolean many = profile.vectors().many();
        double terms = groups * length;
        double products = (double) DotTile.rows(many, m).places() * DotTile.columns(many, n).places();
        return CALL + 2 * products * terms / rates.dots() + reading(m, n, terms) + joining(m, n, groups, length)
                + summing(products, terms);
    }

    /** A is read once for each block of columns, B once for each block of rows. */
    private double reading(double m, double n, double terms) {
        double columns = Math.ceil(n / DotProducts.COLUMNS);
        double rows = Math.ceil(m * (n / columns) / DotProducts.mostSums(profile.vectors().lanes()));
        double read = m * terms * columns + n * terms * rows;
        boolean far = profile.caches().far(bytes((m + n) * terms));
        return read / (far ? FROM_MEMORY * rates.memory() / Float.BYTES : FROM_CACHE * rates.rows());
    }

    private double joining(double m, double n, double groups, int length) {
        int rest = length % profile.vectors().lanes();
        boolean near = bytes((m + n) * groups * length) < profile.caches().second();
        if (length < DotProducts.SHORTEST_IN_PLACE || near && rest != 0) {
            return (m + n) * groups * JOINED_PIECE;
        }
        return rest == 0 ? 0 : (m + n) * groups * REST;
    }

    private double summing(double products, double terms) {
        boolean manySums = bytes(products * profile.vectors().lanes()) > SHARE_OF_SUMS * profile.caches().second();
        double block = manySums && terms > DotProducts.DEPTH ? BLOCK_OF_MANY_SUMS : BLOCK_OF_A_SUM;
        return products * (SUM + block * Math.ceil(terms / DotProducts.DEPTH));
    }

    private static double bytes(double elements) {
        return elements * Float.BYTES;
    }
}
