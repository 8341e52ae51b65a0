package org.einscale.tensor.packed;

import org.einscale.tensor.packed.tile.Tile;

/**
 * A contraction of two tensors of float32 of any layout, without a transposed copy of either in memory:
 *
 * <pre>
 *   C[rows.second[i] + columns.second[j]] = sum over l of A[rows.first[i] + sums.first[l]] B[sums.second[l] + columns.first[j]]
 * </pre>
 *
 * <p>Rows, columns and sums are each a group of axes, flattened into a table of offsets. Blocks of A and B are packed into
 * panels that stay in the caches, as a product of matrices does anyway, and packing does the transposing; tiles of the
 * result are written where they belong. This is the algorithm of Matthews, High-performance tensor contraction without
 * transposition (2016), and of Springer and Bientinesi, Design of a high-performance GEMM-like tensor-tensor multiplication
 * (2016), in the loops of Goto and van de Geijn, Anatomy of high-performance matrix multiplication (2008).
 *
 * <p>Fastest where the columns are contiguous in C: exchange A and B where its rows are. Runs on the calling thread and
 * allocates nothing once compiled. Immutable; several threads may run one product at once, each with a space of its own.
 */
public final class PackedProduct {
    private final int m;
    private final int n;
    private final int k;
    private final Blocking blocking;
    private final int depth;
    private final Panels a;
    private final Panels b;
    private final Results c;

    private PackedProduct(Offsets rows, Offsets columns, Offsets sums, Blocking blocking) {
        this.blocking = blocking;
        m = rows.count();
        n = columns.count();
        k = sums.count();
        a = new Panels(rows.first(), sums.first(), Tile.ROWS, Tile.FEW_ROWS);
        b = new Panels(columns.first(), sums.second(), Tile.COLUMNS, Tile.FEW_COLUMNS);
        c = new Results(rows.second(), columns.second());
        depth = a.inBlocks() || b.inBlocks() ? blocking.depth() : evenDepth(k);
    }

    /** Parts of a sum that are about as long, and as few as can be. */
    private int evenDepth(int k) {
        int even = Math.ceilDiv(k, Math.max(1, blocking.passes(k)));
        return Math.min(blocking.depth(), Math.ceilDiv(even, Panels.GROUP) * Panels.GROUP);
    }

    /**
     * Prepares a product.
     *
     * @param rows elements of A's own axes: offsets in A and in C
     * @param columns elements of B's own axes: offsets in B and in C
     * @param sums elements of the axes summed over: offsets in A and in B
     * @param blocking at most as deep and large as those of {@link Blocking#of}
     */
    public static PackedProduct of(Offsets rows, Offsets columns, Offsets sums, Blocking blocking) {
        return new PackedProduct(rows, columns, sums, blocking);
    }

    /**
     * Computes the product. Each sum is added in the order of its terms within blocks, and these in order: the same numbers on
     * every run with the same blocking.
     *
     * @param space not in use by another thread
     * @param addressA where offset 0 of A lies, not modified
     * @param addressB where offset 0 of B lies, not modified
     * @param accumulate whether to add to C; else it is not read
     * @param addressC where offset 0 of C lies, modified at the offsets; must not overlap A or B
     */
    public void run(PackingSpace space, long addressA, long addressB, boolean accumulate, long addressC) {
        if (k == 0) {
            if (!accumulate) {
                c.clear(addressC);
            }
            return;
        }
        boolean packOnce = m <= blocking.rows() && k <= depth;
        for (int j = 0; j < n; j += blocking.columns()) {
            int right = Math.min(n, j + blocking.columns());
            for (int l = 0; l < k; l += depth) {
                int terms = Math.min(depth, k - l);
                b.pack(space.floats(), PackingSpace.B, addressB, j, right, l, terms);
                for (int i = 0; i < m; i += blocking.rows()) {
                    int bottom = Math.min(m, i + blocking.rows());
                    if (!packOnce || j == 0) {
                        a.pack(space.floats(), PackingSpace.A, addressA, i, bottom, l, terms);
                    }
                    multiply(space.floats(), i, bottom, j, right, terms, accumulate || l > 0, addressC);
                }
            }
        }
    }

    /** The product of two packed blocks. */
    private void multiply(float[] space, int top, int bottom, int left, int right, int terms, boolean accumulate,
            long addressC) {
        for (int j = left; j < right; j += Tile.COLUMNS) {
            int width = b.width(right - j);
            for (int i = top; i < bottom; i += Tile.ROWS) {
                Tile.multiply(a.width(bottom - i), width, terms, space, PackingSpace.A + (i - top) * terms,
                        PackingSpace.B + (j - left) * terms, PackingSpace.TILE);
                c.store(space, PackingSpace.TILE, width, i, Math.min(Tile.ROWS, bottom - i), j,
                        Math.min(Tile.COLUMNS, right - j), accumulate, addressC);
            }
        }
    }
}
