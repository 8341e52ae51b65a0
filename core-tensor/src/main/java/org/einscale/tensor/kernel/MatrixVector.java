package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Lanes.zero;
import static org.einscale.tensor.kernel.Tiles.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/** Matrix times vector in float32, for the matrix as it lies and transposed. Memory decides the speed: each element is read once. */
final class MatrixVector {
    private MatrixVector() {
    }

    /** {@link Kernels#multiplySumColumns} with one row b for all: two rows share each load of b. */
    static void multiply(long destination, long destinationStride, long a, long aRowStride, long b, int rows, int n,
            boolean add) {
        int r = 0;
        if (n >= Tiles.SHORT) {
            for (; r <= rows - 2; r += 2) {
                long to = at(destination, r * destinationStride);
                two(to, at(to, destinationStride), at(a, r * aRowStride), at(a, (r + 1) * aRowStride), b, n, add);
            }
        }
        ProductSums.columns(at(destination, r * destinationStride), destinationStride, at(a, r * aRowStride),
                aRowStride,
                b, 0, rows - r, n, add);
    }

    private static void two(long first, long second, long a, long c, long b, int n, boolean add) {
        FloatVector s = zero();
        FloatVector t = zero();
        FloatVector u = zero();
        FloatVector v = zero();
        int j = 0;
        for (; j <= n - 2 * COUNT; j += 2 * COUNT) {
            FloatVector x = load(at(b, j));
            FloatVector y = load(at(b, j + COUNT));
            s = load(at(a, j)).fma(x, s);
            t = load(at(a, j + COUNT)).fma(y, t);
            u = load(at(c, j)).fma(x, u);
            v = load(at(c, j + COUNT)).fma(y, v);
        }
        if (j <= n - COUNT) {
            FloatVector x = load(at(b, j));
            s = load(at(a, j)).fma(x, s);
            u = load(at(c, j)).fma(x, u);
            j += COUNT;
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            FloatVector x = load(at(b, j), mask);
            s = load(at(a, j), mask).fma(x, s);
            u = load(at(c, j), mask).fma(x, u);
        }
        put(first, Lanes.sum(s.add(t)), add);
        put(second, Lanes.sum(u.add(v)), add);
    }

    private static void put(long destination, float sum, boolean add) {
        Raw.putFloat(destination, add ? Raw.getFloat(destination) + sum : sum);
    }

    /** {@link Kernels#scaleSumRows}: sums of the columns of a tile stay in registers. */
    static void multiplyTransposed(long destination, long scale, long scaleStride, long b, long bRowStride, int rows,
            int n, boolean add) {
        int tile = Tiles.rows(bRowStride, rows, n);
        int r = 0;
        do {
            tile(destination, at(scale, r * scaleStride), scaleStride, at(b, r * bRowStride), bRowStride,
                    Math.min(tile, rows - r), n, add || r > 0);
            r += tile;
        } while (r < rows);
    }

    private static void tile(long destination, long scale, long scaleStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(at(destination, j), scale, scaleStride, at(b, j), bRowStride, rows, add);
        }
        for (; j <= n - COUNT; j += COUNT) {
            one(at(destination, j), scale, scaleStride, at(b, j), bRowStride, rows, add);
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            FloatVector sum = zero();
            for (int r = 0; r < rows; r++) {
                sum = load(at(b, r * bRowStride + j), mask).fma(factor(scale, r * scaleStride), sum);
            }
            store(at(destination, j), add ? sum.add(load(at(destination, j), mask)) : sum, mask);
        }
    }

    private static void wide(long destination, long scale, long scaleStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector s = zero();
        FloatVector t = zero();
        FloatVector u = zero();
        FloatVector v = zero();
        for (int r = 0; r < rows; r++) {
            FloatVector x = factor(scale, r * scaleStride);
            long row = at(b, r * bRowStride);
            s = load(row).fma(x, s);
            t = load(at(row, COUNT)).fma(x, t);
            u = load(at(row, 2 * COUNT)).fma(x, u);
            v = load(at(row, 3 * COUNT)).fma(x, v);
        }
        put(destination, s, add);
        put(at(destination, COUNT), t, add);
        put(at(destination, 2 * COUNT), u, add);
        put(at(destination, 3 * COUNT), v, add);
    }

    private static void one(long destination, long scale, long scaleStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector sum = zero();
        for (int r = 0; r < rows; r++) {
            sum = load(at(b, r * bRowStride)).fma(factor(scale, r * scaleStride), sum);
        }
        put(destination, sum, add);
    }

    private static FloatVector factor(long scale, long index) {
        return FloatVector.broadcast(Lanes.SPECIES, Raw.getFloat(at(scale, index)));
    }

    private static void put(long destination, FloatVector sum, boolean add) {
        store(destination, add ? sum.add(load(destination)) : sum);
    }
}
