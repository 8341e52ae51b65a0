package org.einscale.tensor.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.INDEX;
import static org.einscale.tensor.kernel.Lanes.ORDER;
import static org.einscale.tensor.kernel.Lanes.SPECIES;
import static org.einscale.tensor.memory.Raw.MEMORY;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/** What only moves float32 numbers: fill, copy, table look-up and its gradient. */
final class Movement {
    /** Elements of a row that are moved by one loop, which counts in ints. */
    private static final int PIECE = 1 << 24;

    private Movement() {
    }

    static void fill(long destination, double value, int n) {
        FloatVector values = FloatVector.broadcast(SPECIES, (float) value);
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            values.intoMemorySegment(MEMORY, destination + 4L * i, ORDER);
        }
        if (i < n) {
            values.intoMemorySegment(MEMORY, destination + 4L * i, ORDER, INDEX.compare(LT, n - i).cast(SPECIES));
        }
    }

    static void copy(long destination, long destinationStride, long source, long sourceStride, int n) {
        if (destinationStride == 1 && sourceStride == 1) {
            copy(destination, source, n);
        } else if (destinationStride == 1 && sourceStride == 0 && n > 0) {
            fill(destination, Raw.getFloat(source), n);
        } else {
            for (int i = 0; i < n; i++) {
                Raw.putFloat(destination + 4L * i * destinationStride,
                        Raw.getFloat(source + 4L * i * sourceStride));
            }
        }
    }

    private static void copy(long destination, long source, int n) {
        int i = 0;
        for (; i <= n - COUNT; i += COUNT) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + 4L * i, ORDER);
            x.intoMemorySegment(MEMORY, destination + 4L * i, ORDER);
        }
        if (i < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, source + 4L * i, ORDER, mask);
            x.intoMemorySegment(MEMORY, destination + 4L * i, ORDER, mask);
        }
    }

    static void take(long destination, long table, long indices, long rows, long n, long tableRows) {
        for (long r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + 4 * r), r, tableRows);
            for (long j = 0; j < n; j += PIECE) {
                copy(destination + 4 * (r * n + j), table + 4 * (index * n + j), (int) Math.min(PIECE, n - j));
            }
        }
    }

    static void takeGradient(long table, long lost, long indices, long dy, long rows, long n, long tableRows) {
        for (long i = 0; i < tableRows * n; i += PIECE) {
            int count = (int) Math.min(PIECE, tableRows * n - i);
            fill(table + 4 * i, 0, count);
            fill(lost + 4 * i, 0, count);
        }
        for (long r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + 4 * r), r, tableRows);
            for (long j = 0; j < n; j += PIECE) {
                long at = 4 * (index * n + j);
                PartialSums.add(table + at, lost + at, dy + 4 * (r * n + j), (int) Math.min(PIECE, n - j));
            }
        }
    }
}
