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
 * Minima, NaN where there is one among the numbers, of rows or columns in float32. Each kind of reduction is a class with loops of its own, as C2 boxes vectors in loops
 * that several kinds share.
 */
final class MinimumKernel implements ReductionKernel {

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, Float.POSITIVE_INFINITY, n);
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
            FloatVector min = load(at(add ? destination : source, j), mask);
            for (int r = 0; r < count; r++) {
                min = min.min(load(at(next, r * stride + j), mask));
            }
            store(at(destination, j), min, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = load(start);
        FloatVector b = load(at(start, COUNT));
        FloatVector c = load(at(start, 2 * COUNT));
        FloatVector d = load(at(start, 3 * COUNT));
        for (int r = 0; r < rows; r++) {
            long row = at(next, r * stride);
            a = a.min(load(row));
            b = b.min(load(at(row, COUNT)));
            c = c.min(load(at(row, 2 * COUNT)));
            d = d.min(load(at(row, 3 * COUNT)));
        }
        store(destination, a);
        store(at(destination, COUNT), b);
        store(at(destination, 2 * COUNT), c);
        store(at(destination, 3 * COUNT), d);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector min = load(start);
        for (int r = 0; r < rows; r++) {
            min = min.min(load(at(next, r * stride)));
        }
        store(destination, min);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = at(source, r * stride);
            long to = at(destination, r * destinationStride);
            float min = n < SHORT ? few(row, n) : row(row, n);
            Raw.putFloat(to, add ? Math.min(Raw.getFloat(to), min) : min);
        }
    }

    /** Four accumulators here too. */
    private static float few(long row, int n) {
        float a = Float.POSITIVE_INFINITY;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            a = Math.min(a, Raw.getFloat(at(row, j)));
            b = Math.min(b, Raw.getFloat(at(row, j + 1)));
            c = Math.min(c, Raw.getFloat(at(row, j + 2)));
            d = Math.min(d, Raw.getFloat(at(row, j + 3)));
        }
        for (; j < n; j++) {
            a = Math.min(a, Raw.getFloat(at(row, j)));
        }
        return Math.min(Math.min(a, b), Math.min(c, d));
    }

    private static float row(long row, int n) {
        FloatVector a = highest();
        FloatVector b = highest();
        FloatVector c = highest();
        FloatVector d = highest();
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = a.min(load(at(row, j)));
            b = b.min(load(at(row, j + COUNT)));
            c = c.min(load(at(row, j + 2 * COUNT)));
            d = d.min(load(at(row, j + 3 * COUNT)));
        }
        for (; j <= n - COUNT; j += COUNT) {
            a = a.min(load(at(row, j)));
        }
        if (j < n) {
            VectorMask<Float> mask = below(n - j);
            a = a.lanewise(VectorOperators.MIN, load(at(row, j), mask), mask);
        }
        return a.min(b).min(c.min(d)).reduceLanes(VectorOperators.MIN);
    }

    /** What an accumulator starts from; made anew for the reason that {@link Lanes#zero} is. */
    private static FloatVector highest() {
        return FloatVector.broadcast(Lanes.SPECIES, Float.POSITIVE_INFINITY);
    }
}
