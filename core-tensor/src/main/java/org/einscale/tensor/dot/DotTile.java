package org.einscale.tensor.dot;

import org.einscale.tensor.packed.tile.Tile;

/**
 * Dot products of a few rows and a few columns, the inner loop of {@link DotProducts}: a vector of partial sums for each pair stays in
 * a register over a block of the sum, of which a step loads a vector of every row and column.
 *
 * <p>Rows are packed: of each vector's worth of the sum, the vectors of all rows lie side by side. Columns are read where they
 * are. Measured on one core of a Zen 5 in the L1 cache, in GFLOP/s, with 32 registers of 16 lanes: six packed rows and four
 * columns in memory 248, five by five 245, five by four 204; both packed, five by five, 264; neither, four by six 148, five by
 * five 167, as C2 runs out of registers for addresses. With 16 registers of 8 lanes, where more sums than leave three registers
 * free wait in memory: three by three 93, four by two 90, four by three 45.
 */
final class DotTile {
    /** Rows and columns of the larger tiles, for many registers. */
    static final int MANY_ROWS = 6;
    private static final int MANY_COLUMNS = 4;
    private static final int FEW_ROWS = 4;
    private static final int FEW_COLUMNS = 3;
    /** Rows and columns of the only tile for few registers. */
    private static final int SIDE = 3;

    private static final Strips ROWS = rows(Tile.MANY_REGISTERS, 1);
    private static final Strips COLUMNS = columns(Tile.MANY_REGISTERS, 1);
    private static final DotLoop HIGH_WIDE = DotLoop.of(ROWS.wide(), COLUMNS.wide());
    private static final DotLoop HIGH_NARROW = narrow(ROWS.wide(), HIGH_WIDE);
    private static final DotLoop LOW_WIDE = ROWS.narrow() == ROWS.wide()
            ? HIGH_WIDE
            : DotLoop.of(ROWS.narrow(), COLUMNS.wide());
    private static final DotLoop LOW_NARROW = narrow(ROWS.narrow(), LOW_WIDE);

    private DotTile() {
    }

    private static DotLoop narrow(int rows, DotLoop wide) {
        return COLUMNS.narrow() == COLUMNS.wide() ? wide : DotLoop.of(rows, COLUMNS.narrow());
    }

    /** How so many rows are cut into tiles for many registers or few. */
    static Strips rows(boolean many, int count) {
        return many ? new Strips(count, MANY_ROWS, FEW_ROWS) : new Strips(count, SIDE, SIDE);
    }

    /** How so many columns are cut into tiles. */
    static Strips columns(boolean many, int count) {
        return many ? new Strips(count, MANY_COLUMNS, FEW_COLUMNS) : new Strips(count, SIDE, SIDE);
    }

    /**
     * Adds to the partial sums, each {@link Tile#LANES} floats, row-major.
     *
     * @param height rows of the tile
     * @param width columns of the tile
     * @param a where the packed rows start in the space
     * @param columns addresses of columns
     * @param first the tile's first among them
     * @param groups what the position in a column is shifted by for each group of the sum, in floats
     * @param from the first group, up to another
     * @param vectors of a group
     * @param tile where the partial sums start in the space
     */
    static void multiply(int height, int width, float[] space, int a, long[] columns, int first, int[] groups, int from,
            int to, int vectors, int tile) {
        if (height == ROWS.wide()) {
            if (width == COLUMNS.wide()) {
                HIGH_WIDE.multiply(space, a, columns, first, groups, from, to, vectors, tile);
            } else {
                HIGH_NARROW.multiply(space, a, columns, first, groups, from, to, vectors, tile);
            }
        } else if (width == COLUMNS.wide()) {
            LOW_WIDE.multiply(space, a, columns, first, groups, from, to, vectors, tile);
        } else {
            LOW_NARROW.multiply(space, a, columns, first, groups, from, to, vectors, tile);
        }
    }
}
