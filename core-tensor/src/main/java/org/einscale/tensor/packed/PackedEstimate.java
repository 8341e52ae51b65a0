package org.einscale.tensor.packed;

import org.einscale.tensor.packed.tile.TileSizes;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** About how long a {@link PackedProduct} takes on a machine: only has to rank it with other ways to compute the same. */
public final class PackedEstimate {
    private static final double CALL = 400;
    /** Nanoseconds to begin a tile and to store it, and beyond its move for an element that is packed. */
    private static final double TILE = 22;
    private static final double PACKED = 0.1;
    /** Of the rate of a tile in the L1 cache that one reaches whose panels come from the L2 cache. */
    private static final double EFFICIENCY = 0.94;
    /** Nanoseconds to transpose as many elements as a vector has. */
    private static final double TRANSPOSED = 6;
    /** Of that: storing one of a block that lies across those of the other operand. */
    private static final double STORED_IN_BLOCKS = 0.5;
    /** Floats of a cache line, which vectors of fewer visit several times where blocks lie across those of the other tensor. */
    private static final int LINE = 16;
    /** Times an element copied alone. */
    private static final double ALONE = 1.3;
    /** Times an element read from memory, beyond the once that every way has in common: transposed, added to. */
    private static final double TRANSPOSED_FROM_MEMORY = 1.2;
    private static final double ADDED_IN_MEMORY = 0.8;
    /** Nanoseconds to begin a run of elements in memory. */
    private static final double FAR_RUN = 15;
    /** Nanoseconds to write an element alone where its cache line is not in the L2 cache. */
    private static final double SCATTERED = 2.7;

    private final Profile profile;
    private final Rates rates;
    private final TileSizes tiles;
    private final Blocking blocking;

    /**
     * How the elements of the three tensors lie.
     *
     * @param aAlongRows length of A's contiguous axis if it is the innermost one of the rows, else 1
     * @param aAlongSums the same of the sums
     * @param bAlongColumns length of B's contiguous axis if it is the innermost one of the columns, else 1
     * @param bAlongSums the same of the sums
     * @param cAlongColumns length of C's contiguous axis if it is the innermost one of the columns, else 1
     * @param crossedSums whether A and B are contiguous along different axes of the sums
     * @param crossed whether B's contiguous axis is one of the columns, but not the innermost, so that B or C is transposed
     */
    public record Contiguity(int aAlongRows, int aAlongSums, int bAlongColumns, int bAlongSums, int cAlongColumns,
            boolean crossedSums, boolean crossed) {}

    /** Estimates for a machine. */
    public PackedEstimate(Profile profile) {
        this.profile = profile;
        this.rates = profile.rates();
        this.tiles = TileSizes.of(profile.vectors());
        this.blocking = Blocking.of(profile);
    }

    /**
     * Nanoseconds of a product.
     *
     * @param m rows of A
     * @param n columns of B
     * @param k terms of a sum
     */
    public double nanoseconds(long m, long n, long k, Contiguity layout) {
        double flops = 2.0 * tiles.computedRows(m) * tiles.computedColumns(n) * k;
        double begun = (double) Math.ceilDiv(m, tiles.rows()) * Math.ceilDiv(n, tiles.columns()) * blocking.passes(k);
        return CALL + flops / (EFFICIENCY * rates.packed()) + begun * TILE + movesOfA(m, n, k, layout)
                + movesOfB(n, k, layout) + movesOfC(m, n, k, layout);
    }

    private double movesOfA(long m, long n, long k, Contiguity layout) {
        double alongRows = move(layout.aAlongRows());
        double move = Math.min(alongRows, alongSums(layout.aAlongSums(), layout));
        double elements = (double) m * k;
        return blocking.packings(m, n, k)
                * (elements * (PACKED + move)
                        + fetched(elements, move < alongRows ? TRANSPOSED_FROM_MEMORY : 0,
                                Math.max(layout.aAlongRows(), layout.aAlongSums())));
    }

    private double movesOfB(long n, long k, Contiguity layout) {
        double alongColumns = move(layout.bAlongColumns());
        double move = Math.min(alongColumns, alongSums(layout.bAlongSums(), layout));
        double elements = (double) n * k;
        return elements * (PACKED + (inBlocks(layout) ? Math.min(move, transposed(true)) : move))
                + fetched(elements, move < alongColumns ? TRANSPOSED_FROM_MEMORY : 0,
                        inBlocks(layout) ? 2 * LINE : Math.max(layout.bAlongColumns(), layout.bAlongSums()));
    }

    private double movesOfC(long m, long n, long k, Contiguity layout) {
        int passes = blocking.passes(k);
        double move = move(layout.cAlongColumns());
        double elements = (double) m * n;
        if (layout.cAlongColumns() == 1 && elements * Float.BYTES > profile.caches().second()) {
            return passes * elements * SCATTERED;
        }
        return passes * (elements * (inBlocks(layout) ? Math.max(move, STORED_IN_BLOCKS * transposed(false)) : move)
                + (passes > 1 ? fetched(elements, ADDED_IN_MEMORY, layout.cAlongColumns()) : 0));
    }

    private boolean inBlocks(Contiguity layout) {
        return layout.crossed() && move(layout.cAlongColumns()) < alone();
    }

    private double fetched(double elements, double times, int run) {
        double bytes = elements * Float.BYTES;
        return profile.caches().far(bytes) ? times * bytes / rates.memory() + elements / run * FAR_RUN : 0;
    }

    private double alongSums(int run, Contiguity layout) {
        return run == 1 ? alone() : move(run) + transposed(layout.crossedSums());
    }

    private double transposed(boolean across) {
        int lanes = profile.vectors().lanes();
        return TRANSPOSED / lanes * (across ? Math.max(1, LINE / lanes) : 1);
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
