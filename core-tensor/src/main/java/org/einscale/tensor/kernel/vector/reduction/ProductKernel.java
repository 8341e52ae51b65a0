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
import static org.einscale.tensor.simd.Lanes.ONE;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Lanes;
import org.einscale.tensor.simd.Movement;

/**
 * Products of rows or columns in float32. Each kind of reduction is a class with loops of its own, as C2 makes
 * objects of vectors in loops that several kinds share.
 */
public final class ProductKernel implements ReductionKernel {

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, 1, n);
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
            FloatVector product = fromMemorySegment(SPECIES, MEMORY, (add ? destination : source) + FLOAT * j, ORDER,
                    mask);
            for (int r = 0; r < count; r++) {
                product = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * (r * stride + j), ORDER, mask).mul(product);
            }
            ONE.mul(product).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector b = fromMemorySegment(SPECIES, MEMORY, start + BYTES, ORDER);
        FloatVector c = fromMemorySegment(SPECIES, MEMORY, start + 2 * BYTES, ORDER);
        FloatVector d = fromMemorySegment(SPECIES, MEMORY, start + 3 * BYTES, ORDER);
        for (int r = 0; r < rows; r++) {
            long row = next + FLOAT * r * stride;
            a = fromMemorySegment(SPECIES, MEMORY, row, ORDER).mul(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + BYTES, ORDER).mul(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + 2 * BYTES, ORDER).mul(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + 3 * BYTES, ORDER).mul(d);
        }
        ONE.mul(a).intoMemorySegment(MEMORY, destination, ORDER);
        ONE.mul(b).intoMemorySegment(MEMORY, destination + BYTES, ORDER);
        ONE.mul(c).intoMemorySegment(MEMORY, destination + 2 * BYTES, ORDER);
        ONE.mul(d).intoMemorySegment(MEMORY, destination + 3 * BYTES, ORDER);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector product = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        for (int r = 0; r < rows; r++) {
            product = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * r * stride, ORDER).mul(product);
        }
        ONE.mul(product).intoMemorySegment(MEMORY, destination, ORDER);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = source + FLOAT * r * stride;
            long to = destination + FLOAT * r * destinationStride;
            float product = n < SHORT ? few(row, n) : row(row, n);
            Raw.putFloat(to, add ? Raw.getFloat(to) * product : product);
        }
    }

    /** Four accumulators here too. */
    private static float few(long row, int n) {
        float a = 1;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            a = a * Raw.getFloat(row + FLOAT * j);
            b = b * Raw.getFloat(row + FLOAT * (j + 1));
            c = c * Raw.getFloat(row + FLOAT * (j + 2));
            d = d * Raw.getFloat(row + FLOAT * (j + 3));
        }
        for (; j < n; j++) {
            a = a * Raw.getFloat(row + FLOAT * j);
        }
        return a * b * (c * d);
    }

    private static float row(long row, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, 1);
        FloatVector b = FloatVector.broadcast(SPECIES, 1);
        FloatVector c = FloatVector.broadcast(SPECIES, 1);
        FloatVector d = FloatVector.broadcast(SPECIES, 1);
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).mul(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + BYTES, ORDER).mul(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 2 * BYTES, ORDER).mul(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 3 * BYTES, ORDER).mul(d);
        }
        for (; j <= n - LANES; j += LANES) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).mul(a);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            a = ONE.blend(fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER, mask), mask).mul(a);
        }
        return Lanes.product(ONE.mul(a).mul(b).mul(ONE.mul(c).mul(d)));
    }
}
