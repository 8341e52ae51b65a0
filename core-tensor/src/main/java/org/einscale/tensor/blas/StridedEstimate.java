package org.einscale.tensor.blas;

import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long a {@link StridedGemm} takes on a machine: only has to rank it with other ways to compute the same. */
public final class StridedEstimate {
    private static final double CALL = 400;
    /** Nanoseconds to begin a tile and to store it, and beyond its move for an element that is packed. */
    private static final double TILE = 22;
    private static final double PACKED = 0.1;
    /** Of the rate of a tile in the L1 cache that one reaches whose panels come from the L2 cache. */
    private static final double EFFICIENCY = 0.94;
    /** Times a copy along a row: moving an element of a block that is transposed. */
    private static final double IN_BLOCKS = 1.7;
    /** Times an element copied alone. */
    private static final double ALONE = 1.3;
    /** Times an element read from memory: as it lies, transposed, added to. */
    private static final double FROM_MEMORY = 1;
    private static final double TRANSPOSED_FROM_MEMORY = 2.2;
    private static final double ADDED_IN_MEMORY = 1.8;
    /** Bytes from which a tensor is not held by the caches, in L2 caches. */
    private static final double CACHES = 8;

    private final Profile profile;
    private final Rates rates;
    private final Tiles tiles;
    private final Blocking blocking;

    /**
     * How the elements of the three tensors lie.
     *
     * @param aAlongRows length of A's contiguous axis if it is the innermost one of the rows, else 1
     * @param aAlongSums the same of the sums
     * @param bAlongColumns length of B's contiguous axis if it is the innermost one of the columns, else 1
     * @param bAlongSums the same of the sums
     * @param cAlongColumns length of C's contiguous axis if it is the innermost one of the columns, else 1
     * @param crossed whether B's contiguous axis is one of the columns, but not the innermost, so that B or C is transposed
     */
    public record Layout(int aAlongRows, int aAlongSums, int bAlongColumns, int bAlongSums, int cAlongColumns,
            boolean crossed) {}

    /** Estimates for a machine. */
    public StridedEstimate(Profile profile) {
        this.profile = profile;
        this.rates = profile.rates();
        this.tiles = Tiles.of(profile.vectors());
        this.blocking = Blocking.of(profile);
    }

    /**
     * Nanoseconds of a product.
     *
     * @param m rows of A
     * @param n columns of B
     * @param k terms of a sum
     */
    public double nanoseconds(long m, long n, long k, Layout layout) {
        double flops = 2.0 * tiles.computedRows(m) * tiles.computedColumns(n) * k;
        double begun = (double) Math.ceilDiv(m, tiles.rows()) * Math.ceilDiv(n, tiles.columns()) * blocking.passes(k);
        return CALL + flops / (EFFICIENCY * rates.packed()) + begun * TILE + movesOfA(m, n, k, layout)
                + movesOfB(n, k, layout) + movesOfC(m, n, k, layout);
    }

    private double movesOfA(long m, long n, long k, Layout layout) {
        double alongRows = move(layout.aAlongRows());
        double move = Math.min(alongRows, move(layout.aAlongSums()));
        double elements = (double) m * k;
        return blocking.packings(m, n, k)
                * (elements * (PACKED + move)
                        + fetched(elements, move < alongRows ? TRANSPOSED_FROM_MEMORY : FROM_MEMORY));
    }

    private double movesOfB(long n, long k, Layout layout) {
        double alongColumns = move(layout.bAlongColumns());
        double move = Math.min(alongColumns, move(layout.bAlongSums()));
        double elements = (double) n * k;
        return elements * (PACKED + (inBlocks(layout) ? Math.min(move, IN_BLOCKS / rates.copied()) : move))
                + fetched(elements, move < alongColumns ? TRANSPOSED_FROM_MEMORY : FROM_MEMORY);
    }

    private double movesOfC(long m, long n, long k, Layout layout) {
        int passes = blocking.passes(k);
        double move = move(layout.cAlongColumns());
        double elements = (double) m * n;
        return passes * (elements * (inBlocks(layout) ? Math.max(move, IN_BLOCKS / rates.copied()) : move)
                + fetched(elements, passes > 1 ? ADDED_IN_MEMORY : FROM_MEMORY));
    }

    private boolean inBlocks(Layout layout) {
        return layout.crossed() && move(layout.cAlongColumns()) < alone();
    }

    private double fetched(double elements, double times) {
        double bytes = elements * Float.BYTES;
        return bytes > CACHES * profile.caches().second() ? times * bytes / rates.memory() : 0;
    }

    private double alone() {
        return ALONE / rates.scattered();
    }

    /** Nanoseconds to move an element of a run of so many. */
    private double move(int run) {
        int lanes = profile.vectors().lanes();
        double inVectors = (double) Math.ceilDiv(run, lanes) * lanes / run / rates.copied();
        return run == 1 ? alone() : Math.min(alone(), inVectors);
    }
}
