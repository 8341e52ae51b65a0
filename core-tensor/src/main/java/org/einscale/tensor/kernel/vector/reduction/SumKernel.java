package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.BLOCK;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.SHORT;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.WIDTH;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.BYTES;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.MINUS_ZERO;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Lanes;
import org.einscale.tensor.simd.Movement;

/**
 * Sums of rows or columns in float32. Each kind of reduction is a class with loops of its own, as C2 makes
 * objects of vectors in loops that several kinds share.
 */
public final class SumKernel implements ReductionKernel {

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows <= PartialSums.ROWS) {
            block(destination, source, stride, rows, n, add);
            return;
        }
        PartialSums parts = PartialSums.of(destination, rows, n, add);
        while (parts.next()) {
            block(parts.destination(), source + FLOAT * (parts.row() * stride + parts.column()), stride, parts.rows(),
                    parts.columns(), false);
        }
    }

    private static void block(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, 0, n);
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
            FloatVector sum = fromMemorySegment(SPECIES, MEMORY, (add ? destination : source) + FLOAT * j, ORDER, mask);
            for (int r = 0; r < count; r++) {
                sum = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * (r * stride + j), ORDER, mask).add(sum);
            }
            MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector b = fromMemorySegment(SPECIES, MEMORY, start + BYTES, ORDER);
        FloatVector c = fromMemorySegment(SPECIES, MEMORY, start + 2 * BYTES, ORDER);
        FloatVector d = fromMemorySegment(SPECIES, MEMORY, start + 3 * BYTES, ORDER);
        for (int r = 0; r < rows; r++) {
            long row = next + FLOAT * r * stride;
            a = fromMemorySegment(SPECIES, MEMORY, row, ORDER).add(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + BYTES, ORDER).add(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + 2 * BYTES, ORDER).add(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + 3 * BYTES, ORDER).add(d);
        }
        MINUS_ZERO.add(a).intoMemorySegment(MEMORY, destination, ORDER);
        MINUS_ZERO.add(b).intoMemorySegment(MEMORY, destination + BYTES, ORDER);
        MINUS_ZERO.add(c).intoMemorySegment(MEMORY, destination + 2 * BYTES, ORDER);
        MINUS_ZERO.add(d).intoMemorySegment(MEMORY, destination + 3 * BYTES, ORDER);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector sum = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        for (int r = 0; r < rows; r++) {
            sum = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * r * stride, ORDER).add(sum);
        }
        MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination, ORDER);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = source + FLOAT * r * stride;
            long to = destination + FLOAT * r * destinationStride;
            double sum = n < SHORT ? few(row, n) : blocks(row, n);
            Raw.putFloat(to, (float) (add ? Raw.getFloat(to) + sum : sum));
        }
    }

    /** Four accumulators here too. */
    private static float few(long row, int n) {
        float a = 0;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            a = a + Raw.getFloat(row + FLOAT * j);
            b = b + Raw.getFloat(row + FLOAT * (j + 1));
            c = c + Raw.getFloat(row + FLOAT * (j + 2));
            d = d + Raw.getFloat(row + FLOAT * (j + 3));
        }
        for (; j < n; j++) {
            a = a + Raw.getFloat(row + FLOAT * j);
        }
        return a + b + (c + d);
    }

    private static double blocks(long row, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += row(row + FLOAT * j, (int) Math.min(BLOCK, n - j));
        }
        return sum;
    }

    private static float row(long row, int n) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        FloatVector c = FloatVector.zero(SPECIES);
        FloatVector d = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).add(a);
            b = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + BYTES, ORDER).add(b);
            c = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 2 * BYTES, ORDER).add(c);
            d = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 3 * BYTES, ORDER).add(d);
        }
        for (; j <= n - LANES; j += LANES) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).add(a);
        }
        if (j < n) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER, INDEX.compare(LT, n - j).cast(SPECIES))
                    .add(a);
        }
        return Lanes.sum(MINUS_ZERO.add(a).add(b).add(MINUS_ZERO.add(c).add(d)));
    }
}
