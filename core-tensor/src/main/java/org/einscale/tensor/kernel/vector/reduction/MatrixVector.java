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
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Lanes;

/** Matrix times vector in float32, for the matrix as it lies and transposed. Memory decides the speed: each element is read once. */
public final class MatrixVector {
    private MatrixVector() {
    }

    /** {@link Kernels#multiplySumColumns} with one row b for all: two rows share each load of b. */
    public static void multiply(long destination, long destinationStride, long a, long aRowStride, long b, int rows,
            int n,
            boolean add) {
        int r = 0;
        if (n >= ColumnTiles.SHORT) {
            for (; r <= rows - 2; r += 2) {
                long to = destination + FLOAT * r * destinationStride;
                long first = a + FLOAT * r * aRowStride;
                two(to, to + FLOAT * destinationStride, first, first + FLOAT * aRowStride, b, n, add);
            }
        }
        ProductSums.columns(destination + FLOAT * r * destinationStride, destinationStride, a + FLOAT * r * aRowStride,
                aRowStride, b, 0, rows - r, n, add);
    }

    private static void two(long first, long second, long a, long c, long b, int n, boolean add) {
        double sum = 0;
        double other = 0;
        for (long j = 0; j < n; j += BLOCK) {
            long both = dots(a + FLOAT * j, c + FLOAT * j, b + FLOAT * j, (int) Math.min(BLOCK, n - j));
            sum += Float.intBitsToFloat((int) both);
            other += Float.intBitsToFloat((int) (both >>> Integer.SIZE));
        }
        put(first, sum, add);
        put(second, other, add);
    }

    private static void put(long destination, double sum, boolean add) {
        Raw.putFloat(destination, (float) (add ? Raw.getFloat(destination) + sum : sum));
    }

    /** The bits of the sum of a[j] b[j] in the lower half, and of that of c[j] b[j] in the upper one. */
    private static long dots(long a, long c, long b, int n) {
        FloatVector s = FloatVector.zero(SPECIES);
        FloatVector t = FloatVector.zero(SPECIES);
        FloatVector u = FloatVector.zero(SPECIES);
        FloatVector v = FloatVector.zero(SPECIES);
        int j = 0;
        for (; j <= n - 2 * LANES; j += 2 * LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER);
            FloatVector y = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j + BYTES, ORDER);
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER).fma(x, s);
            t = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j + BYTES, ORDER).fma(y, t);
            u = fromMemorySegment(SPECIES, MEMORY, c + FLOAT * j, ORDER).fma(x, u);
            v = fromMemorySegment(SPECIES, MEMORY, c + FLOAT * j + BYTES, ORDER).fma(y, v);
        }
        if (j <= n - LANES) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER);
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER).fma(x, s);
            u = fromMemorySegment(SPECIES, MEMORY, c + FLOAT * j, ORDER).fma(x, u);
            j += LANES;
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * j, ORDER, mask);
            s = fromMemorySegment(SPECIES, MEMORY, a + FLOAT * j, ORDER, mask).fma(x, s);
            u = fromMemorySegment(SPECIES, MEMORY, c + FLOAT * j, ORDER, mask).fma(x, u);
        }
        int first = Float.floatToRawIntBits(Lanes.sum(MINUS_ZERO.add(s).add(t)));
        int second = Float.floatToRawIntBits(Lanes.sum(MINUS_ZERO.add(u).add(v)));
        return Integer.toUnsignedLong(first) | (long) second << Integer.SIZE;
    }

    /** {@link Kernels#scaleSumRows}: sums of the columns of a tile stay in registers. */
    public static void multiplyTransposed(long destination, long scale, long scaleStride, long b, long bRowStride,
            int rows,
            int n, boolean add) {
        if (rows <= PartialSums.ROWS) {
            block(destination, scale, scaleStride, b, bRowStride, rows, n, add);
            return;
        }
        PartialSums parts = PartialSums.of(destination, rows, n, add);
        while (parts.next()) {
            block(parts.destination(), scale + FLOAT * parts.row() * scaleStride, scaleStride,
                    b + FLOAT * (parts.row() * bRowStride + parts.column()), bRowStride, parts.rows(), parts.columns(),
                    false);
        }
    }

    private static void block(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int tile = ColumnTiles.rows(bRowStride, rows, n);
        int r = 0;
        do {
            tile(destination, scale + FLOAT * r * scaleStride, scaleStride, b + FLOAT * r * bRowStride, bRowStride,
                    Math.min(tile, rows - r), n, add || r > 0);
            r += tile;
        } while (r < rows);
    }

    private static void tile(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(destination + FLOAT * j, scale, scaleStride, b + FLOAT * j, bRowStride, rows, add);
        }
        for (; j <= n - LANES; j += LANES) {
            one(destination + FLOAT * j, scale, scaleStride, b + FLOAT * j, bRowStride, rows, add);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int r = 0; r < rows; r++) {
                sum = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * (r * bRowStride + j), ORDER, mask)
                        .fma(FloatVector.broadcast(SPECIES, Raw.getFloat(scale + FLOAT * r * scaleStride)), sum);
            }
            if (add) {
                sum = fromMemorySegment(SPECIES, MEMORY, destination + FLOAT * j, ORDER, mask).add(sum);
            }
            MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long scale, long scaleStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector s = FloatVector.zero(SPECIES);
        FloatVector t = FloatVector.zero(SPECIES);
        FloatVector u = FloatVector.zero(SPECIES);
        FloatVector v = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            FloatVector x = FloatVector.broadcast(SPECIES, Raw.getFloat(scale + FLOAT * r * scaleStride));
            long row = b + FLOAT * r * bRowStride;
            s = fromMemorySegment(SPECIES, MEMORY, row, ORDER).fma(x, s);
            t = fromMemorySegment(SPECIES, MEMORY, row + BYTES, ORDER).fma(x, t);
            u = fromMemorySegment(SPECIES, MEMORY, row + 2 * BYTES, ORDER).fma(x, u);
            v = fromMemorySegment(SPECIES, MEMORY, row + 3 * BYTES, ORDER).fma(x, v);
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

    private static void one(long destination, long scale, long scaleStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            sum = fromMemorySegment(SPECIES, MEMORY, b + FLOAT * r * bRowStride, ORDER)
                    .fma(FloatVector.broadcast(SPECIES, Raw.getFloat(scale + FLOAT * r * scaleStride)), sum);
        }
        if (add) {
            sum = fromMemorySegment(SPECIES, MEMORY, destination, ORDER).add(sum);
        }
        MINUS_ZERO.add(sum).intoMemorySegment(MEMORY, destination, ORDER);
    }
}
