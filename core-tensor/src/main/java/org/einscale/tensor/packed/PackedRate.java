package org.einscale.tensor.packed;

import org.einscale.tensor.packed.tile.Tile;

/** Work that shows how fast a {@link PackedProduct} is on this machine, for a JVM with vectors. */
public final class PackedRate {
    /** Terms of the sums in a tile. */
    private static final int DEPTH = 256;
    private static final int REPEATED = 16;

    private PackedRate() {
    }

    /** The large tile, some times over; returns its floating-point operations. */
    public static double tile() {
        float[] space = PackingSpace.ofThread().floats();
        for (int i = 0; i < REPEATED; i++) {
            Tile.multiply(Tile.ROWS, Tile.COLUMNS, DEPTH, space, PackingSpace.A, PackingSpace.B, PackingSpace.TILE);
        }
        return 2.0 * Tile.ROWS * Tile.COLUMNS * DEPTH * REPEATED;
    }
}
