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

/** Sums over one row of float32, for kernels that pass over a row several times. */
final class RowSums {
    private RowSums() {
    }

    /** The sum of n numbers. */
    static float sum(long source, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += COUNT) {
            sum = fromMemorySegment(SPECIES, MEMORY, source + 4L * j, ORDER, INDEX.compare(LT, n - j).cast(SPECIES))
                    .add(sum);
        }
        return Lanes.sum(sum);
    }

    /** The sum of a[j] b[j]. */
    static float dot(long a, long b, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            sum = fromMemorySegment(SPECIES, MEMORY, a + 4L * j, ORDER, mask)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + 4L * j, ORDER, mask), sum);
        }
        return Lanes.sum(sum);
    }

    /** The sum of (x[j] - xShift) (y[j] - yShift). */
    static float products(long x, long y, int n, float xShift, float yShift) {
        FloatVector xShifts = FloatVector.broadcast(SPECIES, xShift);
        FloatVector yShifts = FloatVector.broadcast(SPECIES, yShift);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += COUNT) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            sum = fromMemorySegment(SPECIES, MEMORY, x + 4L * j, ORDER, mask).sub(xShifts, mask)
                    .fma(fromMemorySegment(SPECIES, MEMORY, y + 4L * j, ORDER, mask).sub(yShifts, mask), sum);
        }
        return Lanes.sum(sum);
    }
}
