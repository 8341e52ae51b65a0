package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.einscale.tensor.memory.Raw;

/**
 * Sums and extremes over rows or columns, in float32. Four accumulators hide the latency of addition; the order of the
 * additions depends on the shape only.
 */
final class Reductions {
    private static final int BLOCK = 4 * COUNT;

    private Reductions() {
    }

    static void sumRows(long destination, long source, int rows, int n, boolean add) {
        int j = 0;
        for (; j <= n - BLOCK; j += BLOCK) {
            sumBlock(at(destination, j), at(source, j), rows, n, add);
        }
        for (; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector sum = add ? load(at(destination, j), mask) : zero();
            for (int r = 0; r < rows; r++) {
                sum = sum.add(load(at(source, (long) r * n + j), mask));
            }
            store(at(destination, j), sum, mask);
        }
    }

    private static void sumBlock(long destination, long source, int rows, int n, boolean add) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        for (int r = 0; r < rows; r++) {
            long row = at(source, (long) r * n);
            a = a.add(load(row));
            b = b.add(load(at(row, COUNT)));
            c = c.add(load(at(row, 2 * COUNT)));
            d = d.add(load(at(row, 3 * COUNT)));
        }
        put(destination, a, add);
        put(at(destination, COUNT), b, add);
        put(at(destination, 2 * COUNT), c, add);
        put(at(destination, 3 * COUNT), d, add);
    }

    static void multiplySumRows(long destination, long a, long b, int rows, int n, boolean add) {
        int j = 0;
        for (; j <= n - 2 * COUNT; j += 2 * COUNT) {
            multiplySumBlock(at(destination, j), at(a, j), at(b, j), rows, n, add);
        }
        for (; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            FloatVector sum = add ? load(at(destination, j), mask) : zero();
            for (int r = 0; r < rows; r++) {
                long row = (long) r * n + j;
                sum = load(at(a, row), mask).fma(load(at(b, row), mask), sum);
            }
            store(at(destination, j), sum, mask);
        }
    }

    private static void multiplySumBlock(long destination, long a, long b, int rows, int n, boolean add) {
        FloatVector first = zero();
        FloatVector second = zero();
        for (int r = 0; r < rows; r++) {
            long row = 4L * r * n;
            first = load(a + row).fma(load(b + row), first);
            second = load(at(a + row, COUNT)).fma(load(at(b + row, COUNT)), second);
        }
        put(destination, first, add);
        put(at(destination, COUNT), second, add);
    }

    private static void put(long destination, FloatVector sum, boolean add) {
        store(destination, add ? sum.add(load(destination)) : sum);
    }

    static void sumColumns(long destination, long source, int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            put(at(destination, r), sumRow(at(source, (long) r * n), n), add);
        }
    }

    private static float sumRow(long row, int n) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        int j = 0;
        for (; j <= n - BLOCK; j += BLOCK) {
            a = a.add(load(at(row, j)));
            b = b.add(load(at(row, j + COUNT)));
            c = c.add(load(at(row, j + 2 * COUNT)));
            d = d.add(load(at(row, j + 3 * COUNT)));
        }
        for (; j < n; j += COUNT) {
            a = a.add(load(at(row, j), below(n - j)));
        }
        return Lanes.sum(a.add(b).add(c.add(d)));
    }

    static void multiplySumColumns(long destination, long a, long b, int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = 4L * r * n;
            put(at(destination, r), dot(a + offset, b + offset, n), add);
        }
    }

    private static float dot(long a, long b, int n) {
        FloatVector first = zero();
        FloatVector second = zero();
        int j = 0;
        for (; j <= n - 2 * COUNT; j += 2 * COUNT) {
            first = load(at(a, j)).fma(load(at(b, j)), first);
            second = load(at(a, j + COUNT)).fma(load(at(b, j + COUNT)), second);
        }
        for (; j < n; j += COUNT) {
            VectorMask<Float> mask = below(n - j);
            first = load(at(a, j), mask).fma(load(at(b, j), mask), first);
        }
        return Lanes.sum(first.add(second));
    }

    private static void put(long destination, float sum, boolean add) {
        Raw.putFloat(destination, add ? Raw.getFloat(destination) + sum : sum);
    }

    static void maxColumns(long destination, long source, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            FloatVector max = FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < n; j += COUNT) {
                VectorMask<Float> mask = below(n - j);
                max = max.lanewise(VectorOperators.MAX, load(at(source, (long) r * n + j), mask), mask);
            }
            Raw.putFloat(at(destination, r), max.reduceLanes(VectorOperators.MAX));
        }
    }

    static void minColumns(long destination, long source, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            FloatVector min = FloatVector.broadcast(Lanes.SPECIES, Float.POSITIVE_INFINITY);
            for (int j = 0; j < n; j += COUNT) {
                VectorMask<Float> mask = below(n - j);
                min = min.lanewise(VectorOperators.MIN, load(at(source, (long) r * n + j), mask), mask);
            }
            Raw.putFloat(at(destination, r), min.reduceLanes(VectorOperators.MIN));
        }
    }
}
