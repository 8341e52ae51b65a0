package org.einscale.tensor.packed.tile;

import static org.einscale.tensor.simd.Lanes.LANES;

import org.einscale.tensor.profile.Vectors;

/**
 * Products of two packed panels, the inner loop of the packed product: the tile's sums stay in registers over all of k,
 * a step of which loads one or two vectors of B and broadcasts as many numbers of A as the tile has rows.
 *
 * <p>A panel of A holds k columns of as many numbers as the tile has rows, one of B k rows of one or two vectors. The tile
 * is row-major. Every sum is added in the order of k, whatever the tile.
 *
 * <p>The panels are parts of an array because C2 gives up on a method with too many bytecodes after inlining, and then
 * boxes its vectors: reading an array costs it far fewer of them than reading a memory segment, and 24 sums fit.
 *
 * <p>C2 loads up to three broadcasts ahead. A sum that finds no register then waits in memory, and its latency is that of the
 * whole loop. Measured on one core of a Zen 5 with k = 256, in GFLOP/s: with 32 registers of 16 lanes 12 by 2 vectors 269,
 * 8 by 2 257, 14 by 2 267, 8 by 3 212, 6 by 4 210; with 16 registers of 8 lanes 4 by 2 102, 5 by 2 42, 6 by 2 47, 12 by 1 98.
 */
public final class Tile {
    /** Whether there are 32 vector registers, as come with vectors of 512 bits and with every ARM, and not 16. */
    public static final boolean MANY_REGISTERS = Vectors.registers(LANES) >= 32;
    private static final TileSizes TILES = TileSizes.of(new Vectors(LANES, Vectors.registers(LANES), LANES));
    /** Columns of the widest tile: two vectors. */
    public static final int COLUMNS = TILES.columns();
    /** Columns of a tile for the last few columns. */
    public static final int FEW_COLUMNS = TILES.fewColumns();
    /** Rows of a tile for the last few rows. */
    public static final int FEW_ROWS = TILES.fewRows();
    /** Rows of the tallest tile. */
    public static final int ROWS = TILES.rows();

    private static final TileLoop HIGH_WIDE = TileLoop.of(ROWS, COLUMNS / LANES);
    private static final TileLoop LOW_WIDE = FEW_ROWS == ROWS ? HIGH_WIDE : TileLoop.of(FEW_ROWS, COLUMNS / LANES);
    private static final TileLoop HIGH_NARROW = FEW_COLUMNS == COLUMNS
            ? HIGH_WIDE
            : TileLoop.of(ROWS, FEW_COLUMNS / LANES);
    private static final TileLoop LOW_NARROW = FEW_COLUMNS == COLUMNS
            ? LOW_WIDE
            : TileLoop.of(FEW_ROWS, FEW_COLUMNS / LANES);

    private Tile() {
    }

    /**
     * tile = A B.
     *
     * @param rows numbers in a column of the panel of A
     * @param columns numbers in a row of the panel of B and of the tile
     * @param a where the panel of A starts in the space
     * @param b where the panel of B starts
     * @param tile where the tile starts
     */
    public static void multiply(int rows, int columns, int k, float[] space, int a, int b, int tile) {
        if (columns == COLUMNS) {
            if (rows == ROWS) {
                HIGH_WIDE.multiply(k, space, a, b, tile);
            } else {
                LOW_WIDE.multiply(k, space, a, b, tile);
            }
        } else if (rows == ROWS) {
            HIGH_NARROW.multiply(k, space, a, b, tile);
        } else {
            LOW_NARROW.multiply(k, space, a, b, tile);
        }
    }
}
