package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.kernel.vector.reduction.ColumnTiles.BLOCK;
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
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Lanes;

/**
 * Products of two matrices, element by element, summed along rows or columns, in float32. Four accumulators hide the latency
 * of a multiplication and addition; the order of the additions depends on the sizes and strides only.
 */
public final class ProductSums {
    private ProductSums() {
    }

    public static void rows(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        if (rows <= PartialSums.ROWS) {
            block(destination, a, aRowStride, b, bRowStride, rows, n, add);
            return;
        }
        PartialSums parts = PartialSums.of(destination, rows, n, add);
        while (parts.next()) {
            block(parts.destination(), a + FLOAT * (parts.row() * aRowStride + parts.column()), aRowStride,
                    b + FLOAT * (parts.row() * bRowStride + parts.column()), bRowStride, parts.rows(), parts.columns(),
                    false);
        }
    }

    private static void block(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int tile = ColumnTiles.rows(Math.max(aRowStride, bRowStride), rows, n);
        int r = 0;
        do {
            tile(destination, a + FLOAT * r * aRowStride, aRowStride, b + FLOAT * r * bRowStride, bRowStride,
                    Math.min(tile, rows - r), n, add || r > 0);
            r += tile;
        } while (r < rows);
    }

    private static void tile(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(destination + FLOAT * j, a + FLOAT * j, aRowStride, b + FLOAT * j, bRowStride, rows, add);
        }
        for (; j <= n - LANES; j += LANES) {
            one(destination + FLOAT * j, a + FLOAT * j, aRowStride, b + FLOAT * j, bRowStride, rows, add);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * (r * aRowStride + j), ORDER, mask)
                        .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * (r * bRowStride + j), ORDER, mask), sum);
            }
            if (add) {
                sum = fromMemorySegment(SPECIES, MEMORY, destination + FLOAT * j, ORDER, mask).add(sum);
            }
            MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long a, long aRowStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector s = FloatVector.zero(SPECIES);
        FloatVector t = FloatVector.zero(SPECIES);
        FloatVector u = FloatVector.zero(SPECIES);
        FloatVector v = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            long x = a + FLOAT * r * aRowStride;
            long y = b + FLOAT * r * bRowStride;
            s = fromMemorySegment(SPECIES, MEMORY, x, ORDER).fma(fromMemorySegment(SPECIES, MEMORY, y, ORDER), s);
            t = fromMemorySegment(SPECIES, MEMORY, x + BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, y + BYTES, ORDER), t);
            u = fromMemorySegment(SPECIES, MEMORY, x + 2 * BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, y + 2 * BYTES, ORDER), u);
            v = fromMemorySegment(SPECIES, MEMORY, x + 3 * BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, y + 3 * BYTES, ORDER), v);
        }
        if (add) {
            s = fromMemorySegment(SPECIES, MEMORY, destination, ORDER).add(s);
            t = fromMemorySegment(SPECIES, MEMORY, destination + BYTES, ORDER).add(t);
            u = fromMemorySegment(SPECIES, MEMORY, destination + 2 * BYTES, ORDER).add(u);
            v = fromMemorySegment(SPECIES, MEMORY, destination + 3 * BYTES, ORDER).add(v);
        }
        MINUS_ZERO.add(s).intoMemorySegment(MEMORY, destination, ORDER);
        MINUS_ZERO.add(t).intoMemorySegment(MEMORY, destination + BYTES, ORDER);
        MINUS_ZERO.add(u).intoMemorySegment(MEMORY, destination + 2 * BYTES, ORDER);
        MINUS_ZERO.add(v).intoMemorySegment(MEMORY, destination + 3 * BYTES, ORDER);
    }

    private static void one(long destination, long a, long aRowStride, long b, long bRowStride, int rows, boolean add) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            sum = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * r * aRowStride, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * r * bRowStride, ORDER), sum);
        }
        if (add) {
            sum = fromMemorySegment(SPECIES, MEMORY, destination, ORDER).add(sum);
        }
        MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination, ORDER);
    }

    public static void columns(long destination, long destinationStride, long a, long aRowStride, long b,
            long bRowStride, int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            long x = a + FLOAT * r * aRowStride;
            long y = b + FLOAT * r * bRowStride;
            long to = destination + FLOAT * r * destinationStride;
            double sum = n < ColumnTiles.SHORT ? few(x, y, n) : blocks(x, y, n);
            Raw.putFloat(to, (float) (add ? Raw.getFloat(to) + sum : sum));
        }
    }

    private static float few(long a, long b, int n) {
        float sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Raw.getFloat(a + FLOAT * j) * Raw.getFloat(b + FLOAT * j);
        }
        return sum;
    }

    private static double blocks(long a, long b, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += dot(a + FLOAT * j, b + FLOAT * j, (int) Math.min(BLOCK, n - j));
        }
        return sum;
    }

    private static float dot(long a, long b, int n) {
        FloatVector s = FloatVector.zero(SPECIES);
        FloatVector t = FloatVector.zero(SPECIES);
        FloatVector u = FloatVector.zero(SPECIES);
        FloatVector v = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER), s);
            t = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j + BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j + BYTES, ORDER), t);
            u = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j + 2 * BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j + 2 * BYTES, ORDER), u);
            v = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j + 3 * BYTES, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j + 3 * BYTES, ORDER), v);
        }
        for (; j <= n - LANES; j += LANES) {
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER), s);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER, mask)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER, mask), s);
        }
        return Lanes.sum(MINUS_ZERO.add(s).add(t).add(MINUS_ZERO.add(u).add(v)));
    }
}
