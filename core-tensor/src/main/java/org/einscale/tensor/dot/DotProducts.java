package org.einscale.tensor.dot;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.LANES;

import java.util.Arrays;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.packed.Offsets;
import org.einscale.tensor.packed.PackingSpace;
import org.einscale.tensor.packed.tile.Tile;

/**
 * A contraction of two tensors of float32 in both of which an axis that is summed over is contiguous:
 *
 * <pre>
 *   C[rows.second[i] + columns.second[j]] =
 *       sum over g and x &lt; length of A[rows.first[i] + sums.first[g] + x] B[columns.first[j] + sums.second[g] + x]
 * </pre>
 *
 * <p>Vectors run along x, so that nothing is transposed, and every element of C is a vector of partial sums until the end. In blocks
 * of the sum, a few rows at a time are packed to stay in the L1 cache while all columns pass by, which are read where they are, as
 * far as vectors are whole; what is left of each group, or all if the groups are short, is joined into whole vectors by copying.
 *
 * <p>Best with no more rows than columns: exchange A and B otherwise. Runs on the calling thread and allocates nothing once
 * compiled. Immutable; several threads may run one product at once, each with a space of its own.
 */
public final class DotProducts {
    /** Most columns of a block, with those of a tile beyond the end: with so many of full depth, B takes half of an L2 cache. */
    static final int COLUMNS = PackingSpace.ADDRESSES;
    /** Most terms of a sum in a block: the rows of a tile, of so many, take half of an L1 cache. */
    static final int DEPTH = 1024;
    /** Terms of a group from which its columns are read where they are. */
    static final int SHORTEST_IN_PLACE = 64;
    /** Most terms of all columns of a block such that they stay in an L2 cache while the rows pass by, strip by strip. */
    private static final int KEPT = 1 << 17;
    /** Where the packed rows start: with the array's header, usually a cache line. */
    private static final int A = 12;
    /** Where the partial sums start. */
    private static final int SUMS = A + DotTile.MANY_ROWS * DEPTH;
    private static final int[] AT_ZERO = {0};

    private final Offsets rows;
    private final Offsets columns;
    private final Offsets sums;
    private final Strips rowStrips;
    private final Strips columnStrips;
    private final int rowsTogether;
    private final int columnsTogether;
    private final int whole;
    private final int rest;
    private final JoinedRows wholeRows;
    private final JoinedRows restOfRows;
    private final JoinedRows restOfColumns;

    private DotProducts(Offsets rows, Offsets columns, Offsets sums, int length) {
        this.rows = rows;
        this.columns = columns;
        this.sums = sums;
        rowStrips = DotTile.rows(Tile.MANY_REGISTERS, rows.count());
        columnStrips = DotTile.columns(Tile.MANY_REGISTERS, columns.count());
        columnsTogether = together(columnStrips, COLUMNS);
        whole = length < SHORTEST_IN_PLACE ? 0 : length / LANES * LANES;
        rest = length - whole;
        wholeRows = new JoinedRows(sums.first(), 0, whole);
        restOfRows = new JoinedRows(sums.first(), whole, rest);
        restOfColumns = new JoinedRows(sums.second(), whole, rest);
        double termsOfColumns = (double) columnsTogether * columnStrips.wide() * sums.count() * length;
        rowsTogether = rest == 0 && termsOfColumns <= KEPT
                ? 1
                : together(rowStrips, mostSums(LANES) / Math.max(1, columnsTogether * columnStrips.wide()));
    }

    /** Most sums of a block, each a vector of so many lanes. */
    static int mostSums(int lanes) {
        return (PackingSpace.TILE - SUMS) / (lanes * lanes) * lanes;
    }

    /** Strips of a block such that blocks have about the same size and at most so many elements. */
    private static int together(Strips strips, int most) {
        int blocks = Math.ceilDiv(strips.strips(), most / strips.wide());
        return Math.ceilDiv(strips.strips(), Math.max(1, blocks));
    }

    /**
     * Prepares a product.
     *
     * @param rows elements of A's own axes: offsets in A and in C
     * @param columns elements of B's own axes: offsets in B and in C
     * @param sums elements of the axes summed over but for the contiguous one: offsets in A and in B
     * @param length of the contiguous axis
     * @throws IllegalArgumentException if the length is negative
     */
    public static DotProducts of(Offsets rows, Offsets columns, Offsets sums, int length) {
        if (length < 0) {
            throw new IllegalArgumentException("contiguous axis of length " + length + ": expected 0 or more");
        }
        return new DotProducts(rows, columns, sums, length);
    }

    /**
     * Computes the product, in the same order on every run.
     *
     * @param space not in use by another thread
     * @param addressA where offset 0 of A lies, not modified
     * @param addressB where offset 0 of B lies, not modified
     * @param accumulate whether to add to C; else it is not read
     * @param addressC where offset 0 of C lies, modified at the offsets; must not overlap A or B
     */
    public void run(PackingSpace space, long addressA, long addressB, boolean accumulate, long addressC) {
        for (int q = 0; q < columnStrips.strips(); q += columnsTogether) {
            int right = Math.min(columnStrips.strips(), q + columnsTogether);
            for (int p = 0; p < rowStrips.strips(); p += rowsTogether) {
                int bottom = Math.min(rowStrips.strips(), p + rowsTogether);
                int count = places(rowStrips, p, bottom) * places(columnStrips, q, right);
                int vectors = Math.ceilDiv(count, LANES) * LANES;
                Arrays.fill(space.floats(), SUMS, SUMS + vectors * LANES, 0);
                if (whole > 0) {
                    addInPlace(space, addressA, addressB, p, bottom, q, right);
                }
                if (rest > 0) {
                    addJoined(space, addressA, addressB, p, bottom, q, right);
                }
                LaneSums.fold(space.floats(), SUMS, vectors);
                store(space.floats(), p, bottom, q, right, accumulate, addressC);
            }
        }
    }

    private static int places(Strips strips, int from, int to) {
        return strips.start(to) - strips.start(from);
    }

    /** The whole vectors of each group, with the columns where they are. */
    private void addInPlace(PackingSpace space, long a, long b, int top, int bottom, int left, int right) {
        int blocks = Math.ceilDiv(whole, DEPTH);
        int depth = Math.ceilDiv(Math.ceilDiv(whole, blocks), LANES) * LANES;
        int groups = Math.max(1, DEPTH / whole);
        for (int g = 0; g < sums.count(); g += groups) {
            int end = Math.min(sums.count(), g + groups);
            for (int x = 0; x < whole; x += depth) {
                int terms = Math.min(depth, whole - x);
                locate(space.columns(), b + FLOAT * x, left, right);
                for (int p = top; p < bottom; p++) {
                    pack(space.floats(), wholeRows, a, p, g, x, (end - g) * terms);
                    multiply(space, top, p, left, right, sums.second(), g, end, terms / LANES);
                }
            }
        }
    }

    /** What is left of each group, joined in copies of rows and columns. */
    private void addJoined(PackingSpace space, long a, long b, int top, int bottom, int left, int right) {
        long total = (long) sums.count() * rest;
        int most = PackingSpace.COPIED / places(columnStrips, left, right) / LANES * LANES - LANES;
        int depth = Math.min(DEPTH, most);
        for (long l = 0; l < total; l += depth) {
            int terms = (int) Math.min(depth, total - l);
            int group = (int) (l / rest);
            int at = (int) (l % rest);
            int vectors = Math.ceilDiv(terms, LANES);
            copy(space, b, left, right, group, at, terms);
            for (int p = top; p < bottom; p++) {
                pack(space.floats(), restOfRows, a, p, group, at, terms);
                multiply(space, top, p, left, right, AT_ZERO, 0, 1, vectors);
            }
        }
    }

    /** Addresses of the columns of a block. Places beyond the last column have its address, as they are read too. */
    private void locate(long[] addresses, long b, int left, int right) {
        int from = columnStrips.start(left);
        int count = places(columnStrips, left, right);
        for (int j = 0; j < count; j++) {
            addresses[j] = b + FLOAT * columns.first()[Math.min(from + j, columns.count() - 1)];
        }
    }

    /** Copies the columns of a block, an odd number of vectors apart so that they do not compete for the same cache lines. */
    private void copy(PackingSpace space, long b, int left, int right, int group, int at, int terms) {
        int from = columnStrips.start(left);
        int count = places(columnStrips, left, right);
        int step = (Math.ceilDiv(terms, LANES) | 1) * LANES;
        for (int j = 0; j < count; j++) {
            if (from + j < columns.count()) {
                space.columns()[j] = space.copies() + FLOAT * j * step;
                restOfColumns.copy(space.columns()[j], b + FLOAT * columns.first()[from + j], group, at, terms);
            } else {
                space.columns()[j] = space.columns()[j - 1];
            }
        }
    }

    /** Packs a strip of rows. Places beyond the last row keep what they hold, as their sums are not stored. */
    private void pack(float[] space, JoinedRows pieces, long a, int strip, int group, int at, int terms) {
        int from = rowStrips.start(strip);
        int width = rowStrips.width(strip);
        for (int i = 0; i < width && from + i < rows.count(); i++) {
            pieces.pack(space, A + i * LANES, width * LANES, a + FLOAT * rows.first()[from + i], group, at, terms);
        }
    }

    /** A packed strip of rows times the columns of a block. */
    private void multiply(PackingSpace space, int top, int strip, int left, int right, int[] groups, int from, int to,
            int vectors) {
        int height = rowStrips.width(strip);
        int tile = SUMS + LANES * places(rowStrips, top, strip) * places(columnStrips, left, right);
        int first = 0;
        for (int q = left; q < right; q++) {
            int width = columnStrips.width(q);
            DotTile.multiply(height, width, space.floats(), A, space.columns(), first, groups, from, to, vectors, tile);
            first += width;
            tile += height * width * LANES;
        }
    }

    /** Writes the sums of a block where they belong. */
    private void store(float[] space, int top, int bottom, int left, int right, boolean accumulate, long c) {
        int tile = SUMS;
        for (int p = top; p < bottom; p++) {
            for (int q = left; q < right; q++) {
                store(space, tile, p, q, accumulate, c);
                tile += rowStrips.width(p) * columnStrips.width(q);
            }
        }
    }

    private void store(float[] space, int tile, int p, int q, boolean accumulate, long c) {
        int width = columnStrips.width(q);
        int i = rowStrips.start(p);
        int j = columnStrips.start(q);
        int height = Math.min(rowStrips.width(p), rows.count() - i);
        int inside = Math.min(width, columns.count() - j);
        for (int r = 0; r < height; r++) {
            long to = c + FLOAT * rows.second()[i + r];
            for (int s = 0; s < inside; s++) {
                float sum = space[tile + r * width + s];
                long address = to + FLOAT * columns.second()[j + s];
                Raw.putFloat(address, accumulate ? sum + Raw.getFloat(address) : sum);
            }
        }
    }
}
