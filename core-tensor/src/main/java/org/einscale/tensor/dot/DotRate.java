package org.einscale.tensor.dot;

import static org.einscale.tensor.simd.Lanes.LANES;

import org.einscale.tensor.packed.PackingSpace;
import org.einscale.tensor.packed.tile.Tile;

/** Work that shows how fast {@link DotProducts} are on this machine, for a JVM with vectors. */
public final class DotRate {
    /** Terms of the sums in a tile. */
    private static final int DEPTH = 256;
    private static final int REPEATED = 16;
    private static final int[] ONE_GROUP = {0};

    private DotRate() {
    }

    /** The large tile, some times over; returns its floating-point operations. */
    public static double tile() {
        PackingSpace space = PackingSpace.ofThread();
        Strips rows = DotTile.rows(Tile.MANY_REGISTERS, 1);
        Strips columns = DotTile.columns(Tile.MANY_REGISTERS, 1);
        int vectors = DEPTH / LANES;
        for (int j = 0; j < columns.wide(); j++) {
            space.columns()[j] = space.copies() + (long) j * (DEPTH + LANES) * Float.BYTES;
        }
        for (int i = 0; i < REPEATED; i++) {
            DotTile.multiply(rows.wide(), columns.wide(), space.floats(), PackingSpace.A, space.columns(), 0, ONE_GROUP,
                    0, 1,
                    vectors, PackingSpace.B);
        }
        return 2.0 * rows.wide() * columns.wide() * vectors * LANES * REPEATED;
    }
}
