package org.einscale.tensor.blas;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of two packed panels, the inner loop of {@link StridedGemm}: the tile's sums stay in registers over all of k,
 * a step of which loads one or two vectors of B and broadcasts as many numbers of A as the tile has rows.
 *
 * <p>A panel of A holds k columns of as many numbers as the tile has rows, one of B k rows of one or two vectors. The tile
 * is row-major. Every sum is added in the order of k, whatever the tile.
 *
 * <p>The panels are parts of an array because C2 gives up on a method with too many bytecodes after inlining, and then
 * boxes its vectors: reading an array costs it far fewer of them than reading a memory segment, and 24 sums fit. Measured
 * on one core of a Zen 5 with k = 256, 12 by 2 vectors of 16 lanes, in GFLOP/s: arrays 269, segments 65 (with boxing).
 * Other tiles of arrays: 8 by 2 257, 14 by 2 267, 8 by 3 212, 6 by 4 210. Each tile has a class of its own with every sum
 * written out, as C2 does not keep an array of vectors in registers.
 */
final class TileKernel {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Floats in a vector. */
    static final int LANES = SPECIES.length();
    /** Columns of the widest tile: two vectors. */
    static final int COLUMNS = 2 * LANES;
    /** Rows of a tile for the last few rows. */
    static final int FEW_ROWS = 6;
    private static final int MANY_ROWS = 12;
    /** Rows of the tallest tile: 24 sums need the 32 registers that come with vectors of 512 bits, 12 fit into 16. */
    static final int ROWS = LANES >= 16 ? MANY_ROWS : FEW_ROWS;

    private TileKernel() {
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
    static void multiply(int rows, int columns, int k, float[] space, int a, int b, int tile) {
        if (columns == COLUMNS) {
            if (rows == MANY_ROWS) {
                TwelveByTwo.multiply(k, space, a, b, tile);
            } else {
                SixByTwo.multiply(k, space, a, b, tile);
            }
        } else if (rows == MANY_ROWS) {
            TwelveByOne.multiply(k, space, a, b, tile);
        } else {
            SixByOne.multiply(k, space, a, b, tile);
        }
    }
}
