package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Tiles.SHORT;
import static org.einscale.tensor.kernel.Tiles.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.einscale.tensor.memory.Raw;

/**
 * Maxima, NaN where there is one among the numbers, of rows or columns in float32. Each kind of reduction is a class with loops of its own, as C2 boxes vectors in loops
 * that several kinds share.
 */
final class MaximumKernel implements ReductionKernel {

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, Float.NEGATIVE_INFINITY, n);
        }
        int tile = Tiles.rows(stride, rows, n);
        for (int r = 0; r < rows; r += tile) {
            tile(destination, at(source, r * stride), stride, Math.min(tile, rows - r), n, add || r > 0);
        }
    }

    /** At least one row, and all of them for some columns before the next columns. */
    private static void tile(long destination, long source, long stride, int rows, int n, boolean add) {
        long next = add ? source : at(source, stride);
        int count = add ? rows : rows - 1;
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            wide(at(destination, j), at(add ? destination : source, j), at(next, j), stride, count);
        }
        for (; j <= n - COUNT; j += COUNT) {
            one(at(destination, j), at(add ? destination : source, j), at(next, j), stride, count);
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            FloatVector max = load(at(add ? destination : source, j), mask);
            for (int r = 0; r < count; r++) {
                max = max.max(load(at(next, r * stride + j), mask));
            }
            store(at(destination, j), max, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = load(start);
        FloatVector b = load(at(start, COUNT));
        FloatVector c = load(at(start, 2 * COUNT));
        FloatVector d = load(at(start, 3 * COUNT));
        for (int r = 0; r < rows; r++) {
            long row = at(next, r * stride);
            a = a.max(load(row));
            b = b.max(load(at(row, COUNT)));
            c = c.max(load(at(row, 2 * COUNT)));
            d = d.max(load(at(row, 3 * COUNT)));
        }
        store(destination, a);
        store(at(destination, COUNT), b);
        store(at(destination, 2 * COUNT), c);
        store(at(destination, 3 * COUNT), d);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector max = load(start);
        for (int r = 0; r < rows; r++) {
            max = max.max(load(at(next, r * stride)));
        }
        store(destination, max);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = at(source, r * stride);
            long to = at(destination, r * destinationStride);
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
            a = Math.max(a, Raw.getFloat(at(row, j)));
            b = Math.max(b, Raw.getFloat(at(row, j + 1)));
            c = Math.max(c, Raw.getFloat(at(row, j + 2)));
            d = Math.max(d, Raw.getFloat(at(row, j + 3)));
        }
        for (; j < n; j++) {
            a = Math.max(a, Raw.getFloat(at(row, j)));
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }

    private static float row(long row, int n) {
        FloatVector a = lowest();
        FloatVector b = lowest();
        FloatVector c = lowest();
        FloatVector d = lowest();
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = a.max(load(at(row, j)));
            b = b.max(load(at(row, j + COUNT)));
            c = c.max(load(at(row, j + 2 * COUNT)));
            d = d.max(load(at(row, j + 3 * COUNT)));
        }
        for (; j <= n - COUNT; j += COUNT) {
            a = a.max(load(at(row, j)));
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            a = a.lanewise(VectorOperators.MAX, load(at(row, j), mask), mask);
        }
        return a.max(b).max(c.max(d)).reduceLanes(VectorOperators.MAX);
    }

    /** What an accumulator starts from; made anew for the reason that {@link Lanes#zero} is. */
    private static FloatVector lowest() {
        return FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
    }
}
