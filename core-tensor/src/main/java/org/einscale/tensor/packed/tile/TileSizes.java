package org.einscale.tensor.packed.tile;

import org.einscale.tensor.profile.Vectors;

/**
 * Sizes of the tiles of a packed product, which its sums let stay in registers.
 *
 * @param rows of the tallest tile
 * @param fewRows of a tile for the last few rows
 * @param columns of the widest tile: two vectors
 * @param fewColumns of a tile for the last few columns
 */
public record TileSizes(int rows, int fewRows, int columns, int fewColumns) {

    /** The sizes for a machine. */
    public static TileSizes of(Vectors vectors) {
        int lanes = vectors.lanes();
        return vectors.many() ? new TileSizes(12, 6, 2 * lanes, lanes) : new TileSizes(4, 4, 2 * lanes, 2 * lanes);
    }

    /** Rows that are computed for m of them. */
    public long computedRows(long m) {
        return Math.ceilDiv(m, fewRows) * fewRows;
    }

    /** Columns that are computed for n of them. */
    public long computedColumns(long n) {
        return Math.ceilDiv(n, fewColumns) * fewColumns;
    }
}
