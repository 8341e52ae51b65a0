package org.einscale.tensor.blas;

/**
 * The memory into which {@link StridedGemm} packs blocks of its operands, 1.6 MB. One serves any
 * number of products of any size, one after the other: a thread needs one of its own.
 */
public final class PackingSpace {
    /** Most terms of a sum that are packed at once: a panel of B of so many rows fills most of an L1 cache. */
    static final int DEPTH = 320;
    /** Most rows of A that are packed at once: with so many of full depth, A takes a quarter of an L2 cache. */
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

    private static final ThreadLocal<PackingSpace> OF_THREAD = ThreadLocal.withInitial(PackingSpace::new);

    final float[] floats = new float[TILE + TileKernel.ROWS * TileKernel.COLUMNS + TileKernel.LANES];

    /** The calling thread's own. */
    public static PackingSpace ofThread() {
        return OF_THREAD.get();
    }
}
