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

/**
 * Products of two matrices, element by element, summed along rows or columns, in float32. Four accumulators hide the latency
 * of a multiplication and addition; the order of the additions depends on the sizes and strides only.
 */
final class ProductSums {
    private ProductSums() {
    }

    static void rows(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n, boolean add) {
        int tile = Tiles.rows(Math.max(aRowStride, bRowStride), rows, n);
        int r = 0;
        do {
            tile(destination, at(a, r * aRowStride), aRowStride, at(b, r * bRowStride), bRowStride,
                    Math.min(tile, rows - r), n, add || r > 0);
            r += tile;
        } while (r < rows);
    }

    private static void tile(long destination, long a, long aRowStride, long b, long bRowStride, int rows, int n,
            boolean add) {
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(at(destination, j), at(a, j), aRowStride, at(b, j), bRowStride, rows, add);
        }
        for (; j <= n - COUNT; j += COUNT) {
            one(at(destination, j), at(a, j), aRowStride, at(b, j), bRowStride, rows, add);
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            FloatVector sum = zero();
            for (int r = 0; r < rows; r++) {
                sum = load(at(a, r * aRowStride + j), mask).fma(load(at(b, r * bRowStride + j), mask), sum);
            }
            store(at(destination, j), add ? sum.add(load(at(destination, j), mask)) : sum, mask);
        }
    }

    private static void wide(long destination, long a, long aRowStride, long b, long bRowStride, int rows,
            boolean add) {
        FloatVector s = zero();
        FloatVector t = zero();
        FloatVector u = zero();
        FloatVector v = zero();
        for (int r = 0; r < rows; r++) {
            long x = at(a, r * aRowStride);
            long y = at(b, r * bRowStride);
            s = load(x).fma(load(y), s);
            t = load(at(x, COUNT)).fma(load(at(y, COUNT)), t);
            u = load(at(x, 2 * COUNT)).fma(load(at(y, 2 * COUNT)), u);
            v = load(at(x, 3 * COUNT)).fma(load(at(y, 3 * COUNT)), v);
        }
        put(destination, s, add);
        put(at(destination, COUNT), t, add);
        put(at(destination, 2 * COUNT), u, add);
        put(at(destination, 3 * COUNT), v, add);
    }

    private static void one(long destination, long a, long aRowStride, long b, long bRowStride, int rows, boolean add) {
        FloatVector sum = zero();
        for (int r = 0; r < rows; r++) {
            sum = load(at(a, r * aRowStride)).fma(load(at(b, r * bRowStride)), sum);
        }
        put(destination, sum, add);
    }

    private static void put(long destination, FloatVector sum, boolean add) {
        store(destination, add ? sum.add(load(destination)) : sum);
    }

    static void columns(long destination, long destinationStride, long a, long aRowStride, long b, long bRowStride,
            int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            long x = at(a, r * aRowStride);
            long y = at(b, r * bRowStride);
            long to = at(destination, r * destinationStride);
            float sum = n < Tiles.SHORT ? few(x, y, n) : dot(x, y, n);
            Raw.putFloat(to, add ? Raw.getFloat(to) + sum : sum);
        }
    }

    private static float few(long a, long b, int n) {
        float sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Raw.getFloat(at(a, j)) * Raw.getFloat(at(b, j));
        }
        return sum;
    }

    private static float dot(long a, long b, int n) {
        FloatVector s = zero();
        FloatVector t = zero();
        FloatVector u = zero();
        FloatVector v = zero();
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            s = load(at(a, j)).fma(load(at(b, j)), s);
            t = load(at(a, j + COUNT)).fma(load(at(b, j + COUNT)), t);
            u = load(at(a, j + 2 * COUNT)).fma(load(at(b, j + 2 * COUNT)), u);
            v = load(at(a, j + 3 * COUNT)).fma(load(at(b, j + 3 * COUNT)), v);
        }
        for (; j <= n - COUNT; j += COUNT) {
            s = load(at(a, j)).fma(load(at(b, j)), s);
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            s = load(at(a, j), mask).fma(load(at(b, j), mask), s);
        }
        return Lanes.sum(s.add(t).add(u.add(v)));
    }
}
