package org.einscale.tensor.packed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.einscale.tensor.packed.tile.Tile;
import org.einscale.tensor.simd.Lanes;

/**
 * The memory into which packed products and dot products pack blocks of their operands, 2.8 MB. One serves any
 * number of products of any size, one after the other: a thread needs one of its own.
 */
public final class PackingSpace {
    /** Most terms of a sum that are packed at once. */
    static final int DEPTH = 512;
    /** Most rows of A that are packed at once. */
    static final int ROWS = 16 * 12;
    /** Most columns of B that are packed at once. */
    static final int COLUMNS = 1024;

    /** Where the panels of B start. */
    public static final int B = 0;
    /** Where the panels of A start. */
    public static final int A = B + DEPTH * COLUMNS;
    /** Where {@link Transposition} may write. */
    static final int SCRATCH = A + DEPTH * ROWS;
    /** Where the tile starts. */
    public static final int TILE = SCRATCH + Transposition.SCRATCH;

    /** Most addresses of columns that are kept. */
    public static final int ADDRESSES = 160;
    /** Floats of the copies of columns. */
    public static final int COPIED = ADDRESSES * 512;

    private static final ThreadLocal<PackingSpace> OF_THREAD = ThreadLocal.withInitial(PackingSpace::new);

    private final float[] floats = new float[TILE + Tile.ROWS * Tile.COLUMNS + Lanes.LANES];
    private final long[] columns = new long[ADDRESSES];
    /** Outside the heap, to be read like the operands themselves; freed with this. */
    private final MemorySegment copies = Arena.ofAuto().allocate((long) COPIED * Float.BYTES, 64);

    /** Where blocks are packed and tiles are computed. */
    public float[] floats() {
        return floats;
    }

    /** Where the addresses of columns may be kept. */
    public long[] columns() {
        return columns;
    }

    /** Where columns may be copied. */
    public long copies() {
        return copies.address();
    }

    /** The calling thread's own. */
    public static PackingSpace ofThread() {
        return OF_THREAD.get();
    }
}
