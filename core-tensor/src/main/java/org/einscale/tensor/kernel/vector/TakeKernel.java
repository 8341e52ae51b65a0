package org.einscale.tensor.kernel.vector;

import static org.einscale.tensor.memory.Raw.FLOAT;

import org.einscale.tensor.kernel.scalar.ScalarRows;
import org.einscale.tensor.kernel.vector.reduction.PartialSums;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.simd.Movement;

/** Rows of a table looked up by index, and the gradient of that, in float32. */
final class TakeKernel {
    /** Elements of a row that are moved by one loop, which counts in ints. */
    private static final int PIECE = 1 << 24;

    private TakeKernel() {
    }

    static void take(long destination, long table, long indices, long rows, long n, long tableRows) {
        for (long r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + FLOAT * r), r, tableRows);
            for (long j = 0; j < n; j += PIECE) {
                Movement.copy(destination + FLOAT * (r * n + j), 1, table + FLOAT * (index * n + j), 1,
                        (int) Math.min(PIECE, n - j));
            }
        }
    }

    static void takeGradient(long table, long lost, long indices, long dy, long rows, long n, long tableRows) {
        for (long i = 0; i < tableRows * n; i += PIECE) {
            int count = (int) Math.min(PIECE, tableRows * n - i);
            Movement.fill(table + FLOAT * i, 0, count);
            Movement.fill(lost + FLOAT * i, 0, count);
        }
        for (long r = 0; r < rows; r++) {
            long index = ScalarRows.checkedIndex(Raw.getFloat(indices + FLOAT * r), r, tableRows);
            for (long j = 0; j < n; j += PIECE) {
                long at = FLOAT * (index * n + j);
                PartialSums.add(table + at, lost + at, dy + FLOAT * (r * n + j), (int) Math.min(PIECE, n - j));

            }
        }
    }
}
