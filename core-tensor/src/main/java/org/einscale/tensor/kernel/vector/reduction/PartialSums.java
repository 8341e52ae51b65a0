package org.einscale.tensor.kernel.vector.reduction;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.IS_FINITE;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INDEX;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;
import static org.einscale.tensor.simd.Lanes.ZERO;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.simd.Movement;

/**
 * Sums of many rows in float32 to about the accuracy of sums of few. Added one by one, n numbers are wrong by up to n units in
 * the last place, and beyond 2^24 equal ones the sum stands still. So a kernel sums blocks of {@link #ROWS} rows over parts of
 * at most {@link #COLUMNS} columns, and each block's sum is added, with what rounding has lost so far (Kahan 1965), to a sum kept aside.
 *
 * <pre>
 *   PartialSums parts = PartialSums.of(destination, rows, n, add);
 *   while (parts.next()) {
 *       // parts.destination()[0 .. parts.columns()) = sum of so many rows from parts.row(), parts.column() on
 *   }
 * </pre>
 */
public final class PartialSums {
    /** Rows from which on their sum is made of partial sums, and those of each. */
    static final int ROWS = 128;
    /** Most columns whose sums are kept aside at a time. */
    static final int COLUMNS = 2048;

    private static final ThreadLocal<PartialSums> OF_THREAD = ThreadLocal.withInitial(PartialSums::new);

    private final MemorySegment space = Arena.ofAuto().allocate(2L * Float.BYTES * COLUMNS, 64);
    private final long sums = space.address();
    private final long lost = sums + Float.BYTES * COLUMNS;
    private long destination;
    private int totalRows;
    private int totalColumns;
    private boolean add;
    private long row;
    private long column;

    private PartialSums() {
    }

    /**
     * The calling thread's own, at the start of a sum.
     *
     * @param add whether to add to the destination instead of overwriting it
     */
    static PartialSums of(long destination, int rows, int n, boolean add) {
        PartialSums parts = OF_THREAD.get();
        parts.destination = destination;
        parts.totalRows = rows;
        parts.totalColumns = n;
        parts.add = add;
        parts.row = -ROWS;
        parts.column = 0;
        return parts;
    }

    /** Takes over the sum of the last block and goes on to the next one, if there is any. */
    boolean next() {
        if (row < 0) {
            start();
        } else {
            add(sums, lost, destination(), columns());
        }
        row += ROWS;
        if (row >= totalRows) {
            Movement.copy(destination(), 1, sums, 1, columns());
            column += COLUMNS;
            start();
            row = 0;
        }
        return column < totalColumns;
    }

    private void start() {
        if (add) {
            Movement.copy(sums, 1, destination(), 1, columns());
        } else {
            Movement.fill(sums, 0, columns());
        }
        Movement.fill(lost, 0, columns());
    }

    /** The block's first row. */
    long row() {
        return row;
    }

    /** Its number of rows. */
    int rows() {
        return (int) Math.min(ROWS, totalRows - row);
    }

    /** The block's first column. */
    long column() {
        return column;
    }

    /** Its number of columns. */
    int columns() {
        return (int) Math.max(0, Math.min(COLUMNS, totalColumns - column));
    }

    /** Where the sum of the block goes. */
    long destination() {
        return destination + FLOAT * column;
    }

    /** sums + lost += source, where the sums are the nearest numbers; infinite ones lose nothing. */
    public static void add(long sums, long lost, long source, int n) {
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> mask = INDEX.compare(LT, n - i).cast(SPECIES);
            FloatVector before = fromMemorySegment(SPECIES, MEMORY, sums + FLOAT * i, ORDER, mask);
            FloatVector addend = fromMemorySegment(SPECIES, MEMORY, source + FLOAT * i, ORDER, mask)
                    .add(fromMemorySegment(SPECIES, MEMORY, lost + FLOAT * i, ORDER, mask));
            FloatVector sum = before.add(addend);
            FloatVector rest = addend.sub(sum.sub(before));
            sum.intoMemorySegment(MEMORY, sums + FLOAT * i, ORDER, mask);
            ZERO.blend(rest, rest.test(IS_FINITE)).intoMemorySegment(MEMORY, lost + FLOAT * i, ORDER, mask);

        }
    }
}
