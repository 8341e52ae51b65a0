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

    static void copy(long destination, int destinationStride, long source, int sourceStride, int n) {
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

    static void take(long destination, long table, long indices, int rows, int n, int tableRows) {
        for (int r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + 4L * r), r, tableRows);
            copy(destination + 4L * r * n, table + 4L * index * n, n);
        }
    }

    static void takeGradient(long table, long lost, long indices, long dy, int rows, int n, int tableRows) {
        for (int t = 0; t < tableRows; t++) {
            fill(table + 4L * t * n, 0, n);
            fill(lost + 4L * t * n, 0, n);
        }
        for (int r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + 4L * r), r, tableRows);
            PartialSums.add(table + 4L * index * n, lost + 4L * index * n, dy + 4L * r * n, n);
        }
    }
}
