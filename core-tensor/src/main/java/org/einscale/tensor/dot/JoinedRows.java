package org.einscale.tensor.dot;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/**
 * Rows of a tensor that lie in pieces, one for each group of a sum, copied as if the pieces followed one another. Whole vectors are
 * copied, and zeros to the end of the last one.
 *
 * @param groups where the pieces start, in floats from the start of the row
 * @param start the first float of a piece that is taken
 * @param length floats of a piece that are taken, 1 or more
 */
record JoinedRows(int[] groups, int start, int length) {

    /**
     * Copies terms of a row so that vector i of them starts at {@code to + i * step}.
     *
     * @param row address of the row
     * @param group the first term's group
     * @param at the first term's place in its piece
     */
    void pack(float[] space, int to, int step, long row, int group, int at, int terms) {
        int g = group;
        int from = at;
        int run;
        for (int done = 0; done < terms; done += run) {
            run = Math.min(length - from, terms - done);
            pack(space, to + done / LANES * step, step, done % LANES, row + FLOAT * groups[g] + FLOAT * (start + from),
                    run);
            g++;
            from = 0;
        }
        if (terms % LANES != 0) {
            int last = to + terms / LANES * step;
            for (int i = last + terms % LANES; i < last + LANES; i++) {
                space[i] = 0;
            }
        }
    }

    /** Copies adjacent floats from a lane of a vector on. */
    private static void pack(float[] space, int to, int step, int lane, long address, int count) {
        int at = to;
        int done = 0;
        if (lane > 0) {
            done = Math.min(count, LANES - lane);
            part(space, at + lane, address, done);
            at += step;
        }
        for (; done + LANES <= count; done += LANES) {
            FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, address + FLOAT * done, ORDER).intoArray(space, at);
            at += step;
        }
        if (done < count) {
            part(space, at, address + FLOAT * done, count - done);
        }
    }

    private static void part(float[] space, int to, long address, int count) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, count);
        FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, address, ORDER, mask).intoArray(space, to, mask);
    }

    /** Copies terms of a row to an address, the parameters as for {@link #pack}. */
    void copy(long to, long row, int group, int at, int terms) {
        int g = group;
        int from = at;
        int run;
        for (int done = 0; done < terms; done += run) {
            run = Math.min(length - from, terms - done);
            copy(to + FLOAT * done, row + FLOAT * groups[g] + FLOAT * (start + from), run);
            g++;
            from = 0;
        }
        if (terms % LANES != 0) {
            VectorMask<Float> mask = SPECIES.indexInRange(0, LANES - terms % LANES);
            FloatVector.zero(SPECIES).intoMemorySegment(Raw.MEMORY, to + FLOAT * terms, ORDER, mask);
        }
    }

    private static void copy(long to, long from, int count) {
        int done = 0;
        for (; done + LANES <= count; done += LANES) {
            FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, from + FLOAT * done, ORDER)
                    .intoMemorySegment(Raw.MEMORY, to + FLOAT * done, ORDER);
        }
        if (done < count) {
            VectorMask<Float> mask = SPECIES.indexInRange(0, count - done);
            FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, from + FLOAT * done, ORDER, mask)
                    .intoMemorySegment(Raw.MEMORY, to + FLOAT * done, ORDER, mask);
        }
    }
}
