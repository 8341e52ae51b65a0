package org.einscale.tensor.packed;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/** Writes tiles of a {@link PackedProduct} where they belong in C, by vectors where its columns are contiguous. */
final class Results {
    /** Contiguous elements from which a vector is worth its mask. */
    private static final int SHORTEST_STORE = 4;

    private final int[] rows;
    private final int[] columns;
    private final int[] columnRuns;

    Results(int[] rows, int[] columns) {
        this.rows = rows;
        this.columns = columns;
        columnRuns = Offsets.runs(columns);
    }

    /**
     * C = tile, or C += tile.
     *
     * @param stride from a row of the tile to the next
     * @param i first row in C, of so many
     * @param j first column, of so many
     */
    void store(float[] space, int tile, int stride, int i, int rowCount, int j, int columnCount, boolean accumulate,
            long c) {
        int run;
        for (int q = 0; q < columnCount; q += run) {
            run = Math.min(Math.min(columnRuns[j + q], columnCount - q), LANES);
            long to = c + FLOAT * columns[j + q];
            if (run == LANES) {
                storeVectors(space, tile + q, stride, i, rowCount, accumulate, to);
            } else if (run >= SHORTEST_STORE) {
                storePartOfVectors(space, tile + q, stride, i, rowCount, accumulate, to, run);
            } else {
                run = 1;
                storeNumbers(space, tile + q, stride, i, rowCount, accumulate, to);
            }
        }
    }

    private void storeVectors(float[] space, int tile, int stride, int i, int count, boolean accumulate, long c) {
        for (int r = 0; r < count; r++) {
            long to = c + FLOAT * rows[i + r];
            FloatVector sums = FloatVector.fromArray(SPECIES, space, tile + r * stride);
            if (accumulate) {
                sums = sums.add(FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, to, ORDER));
            }
            sums.intoMemorySegment(Raw.MEMORY, to, ORDER);
        }
    }

    private void storePartOfVectors(float[] space, int tile, int stride, int i, int count, boolean accumulate, long c,
            int run) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, run);
        for (int r = 0; r < count; r++) {
            long to = c + FLOAT * rows[i + r];
            FloatVector sums = FloatVector.fromArray(SPECIES, space, tile + r * stride);
            if (accumulate) {
                sums = sums.add(FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, to, ORDER, mask));
            }
            sums.intoMemorySegment(Raw.MEMORY, to, ORDER, mask);
        }
    }

    private void storeNumbers(float[] space, int tile, int stride, int i, int count, boolean accumulate, long c) {
        for (int r = 0; r < count; r++) {
            long to = c + FLOAT * rows[i + r];
            float sum = space[tile + r * stride];
            Raw.putFloat(to, accumulate ? sum + Raw.getFloat(to) : sum);
        }
    }

    /** C = 0. */
    void clear(long c) {
        for (int row : rows) {
            for (int column : columns) {
                Raw.putFloat(c + FLOAT * row + FLOAT * column, 0);
            }
        }
    }
}
