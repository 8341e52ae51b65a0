package org.einscale.tensor.blas;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The memory into which {@link StridedGemm} and {@link DotGemm} pack blocks of their operands, 2.8 MB. One serves any
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
    static final int B = 0;
    /** Where the panels of A start. */
    static final int A = B + DEPTH * COLUMNS;
    /** Where {@link Transposition} may write. */
    static final int SCRATCH = A + DEPTH * ROWS;
    /** Where the tile starts. */
    static final int TILE = SCRATCH + Transposition.SCRATCH;

    /** Floats of the copies of columns of a {@link DotGemm}. */
    static final int COPIED = DotGemm.COLUMNS * 512;

    private static final ThreadLocal<PackingSpace> OF_THREAD = ThreadLocal.withInitial(PackingSpace::new);

    final float[] floats = new float[TILE + TileKernel.ROWS * TileKernel.COLUMNS + TileKernel.LANES];

    /** Addresses of the columns of a {@link DotGemm}. */
    final long[] columns = new long[DotGemm.COLUMNS];
    /** Outside the heap, to be read like the operands themselves; freed with this. */
    private final MemorySegment copies = Arena.ofAuto().allocate(4L * COPIED, 64);

    /** Where columns may be copied. */
    long copies() {
        return copies.address();
    }

    /** The calling thread's own. */
    public static PackingSpace ofThread() {
        return OF_THREAD.get();
    }
}
