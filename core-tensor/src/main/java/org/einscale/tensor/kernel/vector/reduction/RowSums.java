package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.simd.Lanes;

/**
 * Sums over one row of float32, for kernels that pass over a row several times. Sums of blocks are added in double, so that long
 * rows lose no more than short ones.
 */
public final class RowSums {
    /** Elements summed in float32: so many vectors as {@link PartialSums} takes rows. */
    public static final int BLOCK = PartialSums.ROWS * LANES;

    private RowSums() {
    }

    /** The sum of n numbers. */
    public static float sum(long source, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += sumOfBlock(source + FLOAT * j, (int) Math.min(BLOCK, n - j));
        }
        return (float) sum;
    }

    private static float sumOfBlock(long source, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += LANES) {
            sum = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * j, ORDER, INDEX.compare(LT, n - j).cast(SPECIES))
                    .add(sum);
        }
        return Lanes.sum(sum);
    }

    /** The sum of a[j] b[j]. */
    public static float dot(long a, long b, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += dotOfBlock(a + FLOAT * j, b + FLOAT * j, (int) Math.min(BLOCK, n - j));
        }
        return (float) sum;
    }

    private static float dotOfBlock(long a, long b, int n) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            sum = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER, mask)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER, mask), sum);
        }
        return Lanes.sum(sum);
    }

    /** The sum of (x[j] - xShift) (y[j] - yShift). */
    public static float products(long x, long y, int n, float xShift, float yShift) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += productsOfBlock(x + FLOAT * j, y + FLOAT * j, (int) Math.min(BLOCK, n - j), xShift, yShift);
        }
        return (float) sum;
    }

    private static float productsOfBlock(long x, long y, int n, float xShift, float yShift) {
        FloatVector xShifts = FloatVector.broadcast(SPECIES, xShift);
        FloatVector yShifts = FloatVector.broadcast(SPECIES, yShift);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < n; j += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            sum = fromMemorySegment(SPECIES, MEMORY, x + FLOAT * j, ORDER, mask).sub(xShifts, mask)
                    .fma(fromMemorySegment(SPECIES, MEMORY, y + FLOAT * j, ORDER, mask).sub(yShifts, mask), sum);
        }
        return Lanes.sum(sum);
    }
}
