package org.einscale.tensor.kernel;

import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.at;
import static org.einscale.tensor.kernel.Lanes.below;
import static org.einscale.tensor.kernel.Lanes.load;
import static org.einscale.tensor.kernel.Lanes.store;
import static org.einscale.tensor.kernel.Tiles.SHORT;
import static org.einscale.tensor.kernel.Tiles.WIDTH;
import static org.einscale.tensor.kernel.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/**
 * Sums of rows or columns in float32. Each kind of reduction is a class with loops of its own, as C2 boxes vectors in loops
 * that several kinds share.
 */
final class SumKernel implements ReductionKernel {

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (rows == 0 && !add) {
            Movement.fill(destination, 0, n);
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
            FloatVector sum = load(at(add ? destination : source, j), mask);
            for (int r = 0; r < count; r++) {
                sum = sum.add(load(at(next, r * stride + j), mask));
            }
            store(at(destination, j), sum, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = load(start);
        FloatVector b = load(at(start, COUNT));
        FloatVector c = load(at(start, 2 * COUNT));
        FloatVector d = load(at(start, 3 * COUNT));
        for (int r = 0; r < rows; r++) {
            long row = at(next, r * stride);
            a = a.add(load(row));
            b = b.add(load(at(row, COUNT)));
            c = c.add(load(at(row, 2 * COUNT)));
            d = d.add(load(at(row, 3 * COUNT)));
        }
        store(destination, a);
        store(at(destination, COUNT), b);
        store(at(destination, 2 * COUNT), c);
        store(at(destination, 3 * COUNT), d);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector sum = load(start);
        for (int r = 0; r < rows; r++) {
            sum = sum.add(load(at(next, r * stride)));
        }
        store(destination, sum);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = at(source, r * stride);
            long to = at(destination, r * destinationStride);
            float sum = n < SHORT ? few(row, n) : row(row, n);
            Raw.putFloat(to, add ? Raw.getFloat(to) + sum : sum);
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
            a = a + Raw.getFloat(at(row, j));
            b = b + Raw.getFloat(at(row, j + 1));
            c = c + Raw.getFloat(at(row, j + 2));
            d = d + Raw.getFloat(at(row, j + 3));
        }
        for (; j < n; j++) {
            a = a + Raw.getFloat(at(row, j));
        }
        return a + b + (c + d);
    }

    private static float row(long row, int n) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = a.add(load(at(row, j)));
            b = b.add(load(at(row, j + COUNT)));
            c = c.add(load(at(row, j + 2 * COUNT)));
            d = d.add(load(at(row, j + 3 * COUNT)));
        }
        for (; j <= n - COUNT; j += COUNT) {
            a = a.add(load(at(row, j)));
        }
        if (j < n) {
            a = a.add(load(at(row, j), below(n - j)));
        }
        return Lanes.sum(a.add(b).add(c.add(d)));
    }
}
