package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;
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

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.einscale.tensor.kernel.Reduce;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Copies;
import org.einscale.tensor.simd.Lanes;
import org.einscale.tensor.simd.Movement;

/**
 * Sums, maxima or minima of rows or columns in float32: {@link Copies}, one for each. An extreme is NaN where one of the numbers is.
 */
public final class ReductionLoops implements ReductionKernel {
    private static final Reduce KIND = Copies.constant(MethodHandles.lookup(), Reduce.class);
    private static final boolean SUM = KIND == Reduce.SUM;
    private static final VectorOperators.Associative FUNCTION = SUM
            ? ADD
            : KIND == Reduce.MAXIMUM ? MAX : MIN;
    private static final float NEUTRAL = (float) KIND.neutral();
    /** Leaves every number as it is. */
    private static final FloatVector NOTHING = SUM ? MINUS_ZERO : FloatVector.broadcast(SPECIES, NEUTRAL);

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        if (!SUM || rows <= PartialSums.ROWS) {
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
            Movement.fill(destination, NEUTRAL, n);
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
            FloatVector all = fromMemorySegment(SPECIES, MEMORY, (add ? destination : source) + FLOAT * j, ORDER, mask);
            for (int r = 0; r < count; r++) {
                all = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * (r * stride + j), ORDER, mask)
                        .lanewise(FUNCTION, all);
            }
            NOTHING.lanewise(FUNCTION, all).intoMemorySegment(MEMORY, destination + FLOAT * j, ORDER, mask);
        }
    }

    private static void wide(long destination, long start, long next, long stride, int rows) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector b = fromMemorySegment(SPECIES, MEMORY, start + BYTES, ORDER);
        FloatVector c = fromMemorySegment(SPECIES, MEMORY, start + 2 * BYTES, ORDER);
        FloatVector d = fromMemorySegment(SPECIES, MEMORY, start + 3 * BYTES, ORDER);
        for (int r = 0; r < rows; r++) {
            long row = next + FLOAT * r * stride;
            a = fromMemorySegment(SPECIES, MEMORY, row, ORDER).lanewise(FUNCTION, a);
            b = fromMemorySegment(SPECIES, MEMORY, row + BYTES, ORDER).lanewise(FUNCTION, b);
            c = fromMemorySegment(SPECIES, MEMORY, row + 2 * BYTES, ORDER).lanewise(FUNCTION, c);
            d = fromMemorySegment(SPECIES, MEMORY, row + 3 * BYTES, ORDER).lanewise(FUNCTION, d);
        }
        NOTHING.lanewise(FUNCTION, a).intoMemorySegment(MEMORY, destination, ORDER);
        NOTHING.lanewise(FUNCTION, b).intoMemorySegment(MEMORY, destination + BYTES, ORDER);
        NOTHING.lanewise(FUNCTION, c).intoMemorySegment(MEMORY, destination + 2 * BYTES, ORDER);
        NOTHING.lanewise(FUNCTION, d).intoMemorySegment(MEMORY, destination + 3 * BYTES, ORDER);
    }

    private static void one(long destination, long start, long next, long stride, int rows) {
        FloatVector all = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        for (int r = 0; r < rows; r++) {
            all = fromMemorySegment(SPECIES, MEMORY, next + FLOAT * r * stride, ORDER).lanewise(FUNCTION, all);
        }
        NOTHING.lanewise(FUNCTION, all).intoMemorySegment(MEMORY, destination, ORDER);
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long row = source + FLOAT * r * stride;
            long to = destination + FLOAT * r * destinationStride;
            double all = n < SHORT ? few(row, n) : SUM ? sumOfBlocks(row, n) : row(row, n);
            Raw.putFloat(to, (float) (add ? combine(all, Raw.getFloat(to)) : all));
        }
    }

    /** Four accumulators here too. */
    private static float few(long row, int n) {
        float a = NEUTRAL;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            a = combine(a, Raw.getFloat(row + FLOAT * j));
            b = combine(b, Raw.getFloat(row + FLOAT * (j + 1)));
            c = combine(c, Raw.getFloat(row + FLOAT * (j + 2)));
            d = combine(d, Raw.getFloat(row + FLOAT * (j + 3)));
        }
        for (; j < n; j++) {
            a = combine(a, Raw.getFloat(row + FLOAT * j));
        }
        return combine(combine(a, b), combine(c, d));
    }

    private static float combine(float x, float y) {
        return SUM ? x + y : FUNCTION == MAX ? Math.max(x, y) : Math.min(x, y);
    }

    private static double combine(double x, double y) {
        return SUM ? x + y : FUNCTION == MAX ? Math.max(x, y) : Math.min(x, y);
    }

    private static double sumOfBlocks(long row, int n) {
        double sum = 0;
        for (long j = 0; j < n; j += BLOCK) {
            sum += row(row + FLOAT * j, (int) Math.min(BLOCK, n - j));
        }
        return sum;
    }

    private static float row(long row, int n) {
        FloatVector a = FloatVector.broadcast(SPECIES, NEUTRAL);
        FloatVector b = FloatVector.broadcast(SPECIES, NEUTRAL);
        FloatVector c = FloatVector.broadcast(SPECIES, NEUTRAL);
        FloatVector d = FloatVector.broadcast(SPECIES, NEUTRAL);
        int j = 0;
        for (; j <= n - WIDTH; j += WIDTH) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).lanewise(FUNCTION, a);
            b = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + BYTES, ORDER).lanewise(FUNCTION, b);
            c = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 2 * BYTES, ORDER).lanewise(FUNCTION, c);
            d = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j + 3 * BYTES, ORDER).lanewise(FUNCTION, d);
        }
        for (; j <= n - LANES; j += LANES) {
            a = fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER).lanewise(FUNCTION, a);
        }
        if (j < n) {
            VectorMask<Float> mask = INDEX.compare(LT, n - j).cast(SPECIES);
            a = NOTHING.blend(fromMemorySegment(SPECIES, MEMORY, row + FLOAT * j, ORDER, mask), mask)
                    .lanewise(FUNCTION, a);
        }
        FloatVector all = NOTHING.lanewise(FUNCTION, a).lanewise(FUNCTION, b)
                .lanewise(FUNCTION, NOTHING.lanewise(FUNCTION, c).lanewise(FUNCTION, d));
        return SUM ? Lanes.sum(all) : all.reduceLanes(FUNCTION);
    }
}
