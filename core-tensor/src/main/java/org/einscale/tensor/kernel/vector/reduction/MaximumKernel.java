package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.SHORT;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.WIDTH;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.BYTES;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Movement;

/**
 * Maxima of rows or columns in float32, NaN where one of the numbers is. Each kind of reduction is a class with loops of its own,
 * as C2 makes objects of vectors in loops that several kinds share.
 */
public final class MaximumKernel implements ReductionKernel {
    private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, Float.NEGATIVE_INFINITY, n);
        }
        int tile = ColumnTiles.rows(stride, rows, n);
        for (int r = 0; r < rows; r += tile) {
            tile(destination, source + FLOAT * r * stride, stride, Math.min(tile, rows - r), n, add || r > 0);
        }
    }

    /** At least one row, and all of them for some columns before the next columns. */
    private static void tile(long destination, long source, long stride, int rows, int n, boolean add) {
        long next = add ? source : source + FLOAT * stride;
        int count = add ? rows : rows - 1;
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(destination + FLOAT * j, (add ? destination : source) + FLOAT * j, next + FLOAT * j, stride, count);
        }
        for (; j <= n - LANES; j += LANES) {
            one(destination + FLOAT * j, (add ? destination : source) + FLOAT * j, next + FLOAT * j, stride, count);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector max = fromMemorySegment(SPECIES, MEMORY, (add ? destination : source) + FLOAT * j, ORDER, mask);
            for (int r = 0; r < count; r++) {
                max = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * (r * stride + j), ORDER, mask).max(max);
            }
            LOWEST.max(max).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector b = fromMemorySegment(SPECIES, MEMORY, start + BYTES, ORDER);
        FloatVector c = fromMemorySegment(SPECIES, MEMORY, start + 2 * BYTES, ORDER);
        FloatVector d = fromMemorySegment(SPECIES, MEMORY, start + 3 * BYTES, ORDER);
        for (int r = 0; r < rows; r++) {
            long row = next + FLOAT * r * stride;
            a = fromMemorySegment(SPECIES, MEMORY, row, ORDER).max(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + BYTES, ORDER).max(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + 2 * BYTES, ORDER).max(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + 3 * BYTES, ORDER).max(d);
        }
        LOWEST.max(a).intoMemorySegment(MEMORY, destination, ORDER);
        LOWEST.max(b).intoMemorySegment(MEMORY, destination + BYTES, ORDER);
        LOWEST.max(c).intoMemorySegment(MEMORY, destination + 2 * BYTES, ORDER);
        LOWEST.max(d).intoMemorySegment(MEMORY, destination + 3 * BYTES, ORDER);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector max = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        for (int r = 0; r < rows; r++) {
            max = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * r * stride, ORDER).max(max);
        }
        LOWEST.max(max).intoMemorySegment(MEMORY, destination, ORDER);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = source + FLOAT * r * stride;
            long to = destination + FLOAT * r * destinationStride;
            float max = n < SHORT ? few(row, n) : row(row, n);
            Raw.putFloat(to, add ? Math.max(Raw.getFloat(to), max) : max);
        }
    }

    /** Four accumulators here too. */
    private static float few(long row, int n) {
        float a = Float.NEGATIVE_INFINITY;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            a = Math.max(a, Raw.getFloat(row + FLOAT * j));
            b = Math.max(b, Raw.getFloat(row + FLOAT * (j + 1)));
            c = Math.max(c, Raw.getFloat(row + FLOAT * (j + 2)));
            d = Math.max(d, Raw.getFloat(row + FLOAT * (j + 3)));
        }
        for (; j < n; j++) {
            a = Math.max(a, Raw.getFloat(row + FLOAT * j));
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }

    private static float row(long row, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector b = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector c = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector d = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).max(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + BYTES, ORDER).max(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 2 * BYTES, ORDER).max(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 3 * BYTES, ORDER).max(d);
        }
        for (; j <= n - LANES; j += LANES) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).max(a);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            a = LOWEST.blend(fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER, mask), mask).max(a);
        }
        return LOWEST.max(a).max(b).max(LOWEST.max(c).max(d)).reduceLanes(VectorOperators.MAX);
    }
}
