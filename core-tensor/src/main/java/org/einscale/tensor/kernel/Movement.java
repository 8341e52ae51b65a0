package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/** What only moves float32 numbers: fill, copy, transpose, table look-up and its gradient. */
final class Movement {
    /** Side of a transposed tile: sixteen rows of one cache line. */
    private static final int TILE = 16;

    private Movement() {
    }

    static void fill(long destination, double value, int n) {
        FloatVector values = FloatVector.broadcast(Lanes.SPECIES, (float) value);
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), values);
        }
        if (i < n) {
            store(at(destination, i), values, below(n - i));
        }
    }

    static void copy(long destination, int destinationStride, long source, int sourceStride, int n) {
        if (destinationStride == 1 && sourceStride == 1) {
            copy(destination, source, n);
        } else if (destinationStride == 1 && sourceStride == 0 && n > 0) {
            fill(destination, Raw.getFloat(source), n);
        } else {
            for (int i = 0; i < n; i++) {
                Raw.putFloat(at(destination, (long) i * destinationStride),
                        Raw.getFloat(at(source, (long) i * sourceStride)));
            }
        }
    }

    private static void copy(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            store(at(destination, i), load(at(source, i)));
        }
        if (i < n) {
            VectorMask<Float> mask = below(n - i);
            store(at(destination, i), load(at(source, i), mask), mask);
        }
    }

    static void transpose(long destination, int destinationRowStride, long source, int sourceRowStride, int rows,
            int columns) {
        for (int r = 0; r < rows; r += TILE) {
            for (int c = 0; c < columns; c += TILE) {
                tile(at(destination, (long) c * destinationRowStride + r), destinationRowStride,
                        at(source, (long) r * sourceRowStride + c), sourceRowStride, Math.min(TILE, rows - r),
                        Math.min(TILE, columns - c));
            }
        }
    }

    private static void tile(long destination, int destinationRowStride, long source, int sourceRowStride, int rows,
            int columns) {
        for (int c = 0; c < columns; c++) {
            long to = at(destination, (long) c * destinationRowStride);
            long from = at(source, c);
            for (int r = 0; r < rows; r++) {
                Raw.putFloat(at(to, r), Raw.getFloat(at(from, (long) r * sourceRowStride)));
            }
        }
    }

    static void take(long destination, long table, long indices, int rows, int n, int tableRows) {
        for (int r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(at(indices, r)), r, tableRows);
            copy(at(destination, (long) r * n), at(table, index * n), n);
        }
    }

    static void takeGradient(long table, long indices, long dy, int rows, int n, int tableRows) {
        for (int t = 0; t < tableRows; t++) {
            fill(at(table, (long) t * n), 0, n);
        }
        for (int r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(at(indices, r)), r, tableRows);
            long row = at(table, index * n);
            Pairs.add(row, row, at(dy, (long) r * n), n);
        }
    }
}
