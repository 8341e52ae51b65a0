package org.einscale.tensor.kernel.vector.reduction;

import org.einscale.tensor.simd.Lanes;

/**
 * How much of a matrix a kernel that runs down the columns takes at a time. Running down all of a large matrix for a few columns
 * would touch a page of memory for each row and come back for the next columns when the first are no longer in the cache.
 */
final class ColumnTiles {
    /** Elements of a row that are combined at once: four accumulators hide the latency of an operation. */
    static final int WIDTH = 4 * Lanes.LANES;
    /** Elements of a row whose sum is made in float32; the sums of several blocks are added in double. */
    static final int BLOCK = PartialSums.ROWS * WIDTH;
    /** Rows of fewer elements are summed one element after another: folding a vector takes longer. */
    static final int SHORT = 16;

    private static final int ROWS = 4;
    /** Floats that stay in the second-level cache. */
    private static final long CACHED = 1 << 16;

    private ColumnTiles() {
    }

    /** Rows of a tile, for rows of n elements that start {@code stride} elements apart. */
    static int rows(long stride, int rows, int n) {
        return n <= WIDTH || stride * rows <= CACHED ? Math.max(rows, 1) : ROWS;
    }
}
