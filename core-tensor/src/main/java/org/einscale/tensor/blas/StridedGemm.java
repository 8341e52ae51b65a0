package org.einscale.tensor.blas;

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
public final class StridedGemm {
    private final int m;
    private final int n;
    private final int k;
    private final int depth;
    private final Panels a;
    private final Panels b;
    private final Results c;

    private StridedGemm(Offsets rows, Offsets columns, Offsets sums) {
        m = rows.count();
        n = columns.count();
        k = sums.count();
        a = new Panels(rows.first(), sums.first(), TileKernel.ROWS, TileKernel.FEW_ROWS);
        b = new Panels(columns.first(), sums.second(), TileKernel.COLUMNS, TileKernel.FEW_COLUMNS);
        c = new Results(rows.second(), columns.second());
        depth = a.inBlocks() || b.inBlocks() ? PackingSpace.DEPTH : evenDepth(k);
    }

    /** Parts of a sum that are about as long, and as few as can be. */
    private static int evenDepth(int k) {
        int even = Math.ceilDiv(k, Math.max(1, passes(k)));
        return Math.min(PackingSpace.DEPTH, Math.ceilDiv(even, Panels.GROUP) * Panels.GROUP);
    }

    /**
     * Prepares a product.
     *
     * @param rows elements of A's own axes: offsets in A and in C
     * @param columns elements of B's own axes: offsets in B and in C
     * @param sums elements of the axes summed over: offsets in A and in B
     */
    public static StridedGemm of(Offsets rows, Offsets columns, Offsets sums) {
        return new StridedGemm(rows, columns, sums);
    }

    /** Floats in a vector of the kernel: its speed grows with them. */
    public static int lanes() {
        return TileKernel.LANES;
    }

    /** Rows that are computed for m of them. */
    public static long computedRows(long m) {
        return Math.ceilDiv(m, TileKernel.FEW_ROWS) * TileKernel.FEW_ROWS;
    }

    /** Columns that are computed for n of them. */
    public static long computedColumns(long n) {
        return Math.ceilDiv(n, TileKernel.LANES) * TileKernel.LANES;
    }

    /** How often the result is written for sums of k terms. */
    public static int passes(int k) {
        return Math.ceilDiv(k, PackingSpace.DEPTH);
    }

    /** How often A is packed for so many rows and columns and sums of k terms. */
    public static long packings(long m, long n, int k) {
        return m <= PackingSpace.ROWS && passes(k) <= 1 ? 1 : Math.ceilDiv(n, PackingSpace.COLUMNS);
    }

    /**
     * Computes the product. Each sum is added in the order of its terms within blocks of at most {@value PackingSpace#DEPTH},
     * and these in order: the same numbers on every run.
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
        boolean packOnce = m <= PackingSpace.ROWS && k <= depth;
        for (int j = 0; j < n; j += PackingSpace.COLUMNS) {
            int right = Math.min(n, j + PackingSpace.COLUMNS);
            for (int l = 0; l < k; l += depth) {
                int terms = Math.min(depth, k - l);
                b.pack(space.floats, PackingSpace.B, addressB, j, right, l, terms);
                for (int i = 0; i < m; i += PackingSpace.ROWS) {
                    int bottom = Math.min(m, i + PackingSpace.ROWS);
                    if (!packOnce || j == 0) {
                        a.pack(space.floats, PackingSpace.A, addressA, i, bottom, l, terms);
                    }
                    multiply(space.floats, i, bottom, j, right, terms, accumulate || l > 0, addressC);
                }
            }
        }
    }

    /** The product of two packed blocks. */
    private void multiply(float[] space, int top, int bottom, int left, int right, int terms, boolean accumulate,
            long addressC) {
        for (int j = left; j < right; j += TileKernel.COLUMNS) {
            int width = b.width(right - j);
            for (int i = top; i < bottom; i += TileKernel.ROWS) {
                TileKernel.multiply(a.width(bottom - i), width, terms, space, PackingSpace.A + (i - top) * terms,
                        PackingSpace.B + (j - left) * terms, PackingSpace.TILE);
                c.store(space, PackingSpace.TILE, width, i, Math.min(TileKernel.ROWS, bottom - i), j,
                        Math.min(TileKernel.COLUMNS, right - j), accumulate, addressC);
            }
        }
    }
}
