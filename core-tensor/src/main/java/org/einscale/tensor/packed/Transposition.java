package org.einscale.tensor.packed;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.INTEGERS;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Transposes up to as many rows as a vector has lanes of up to as many numbers, in registers.
 *
 * <p>With 16 lanes, number c of row r has the address r3 r2 r1 r0 c3 c2 c1 c0 in bits. Interleaving the numbers of rows that
 * differ in r1, then in r0, makes it r3 r2 c3 c2 c1 c0 r1 r0, and interleaving groups of four numbers of rows that differ in r3,
 * then in r2, makes it c3 c2 c1 c0 r3 r2 r1 r0. Each of the two passes needs four rows at a time, and the first reads them in
 * their order, as suits the hardware's prefetching. With 8 lanes the bits r3 and c3 are missing, so that the second pass
 * takes two rows at a time, and with 4 lanes the first pass is all.
 */
final class Transposition {
    // Masks are made where they are used: passed to a method that is not inlined they would be objects on the heap.
    static final int SIDE = LANES;
    /** Floats of scratch for one call, at most. */
    static final int SCRATCH = 16 * 16;
    /** Rows that the first pass takes at a time. */
    static final int FEW = 4;
    /** Columns in a vector between the passes, and groups of four rows in one after them. */
    private static final int GROUPS = LANES / FEW;
    static final boolean IN_REGISTERS = GROUPS >= 1 && SIDE * SIDE <= SCRATCH;
    /** Lanes of two vectors: 0 of the first, 0 of the second, 1 of the first ... */
    private static final IntVector LOW = interleaved(0, 1);
    private static final IntVector HIGH = interleaved(LANES / 2, 1);
    /** The same by fours: 0 to 3 of the first, 0 to 3 of the second, 4 to 7 of the first ... */
    private static final IntVector LOW_FOURS = interleaved(0, FEW);
    private static final IntVector HIGH_FOURS = interleaved(LANES / 2, FEW);

    private Transposition() {
    }

    private static IntVector interleaved(int start, int group) {
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            lanes[i] = start + i / (2 * group) * group + i % group + i / group % 2 * LANES;
        }
        return IntVector.fromArray(INTEGERS, lanes, 0);
    }

    /**
     * {@code space[to + l * stride + i]} = float l at {@code base + 4 rows[from + i]}.
     *
     * @param count number of rows i, 1 to {@link #SIDE}
     * @param run floats l of a row, 1 to {@link #SIDE}
     * @param scratch where in the space {@link #SCRATCH} floats may be used
     */
    static void run(float[] space, int to, int stride, long base, int[] rows, int from, int count, int run,
            int scratch) {
        if (run < SIDE) {
            gatherPart(space, scratch, base, rows, from, count, run);
        } else if (count == FEW && stride == FEW) {
            gather(space, to, base, rows, from, count);
            return;
        } else {
            gather(space, scratch, base, rows, from, count);
        }
        if (GROUPS == 4) {
            scatter(space, to, stride, scratch, run, count);
        } else if (count == SIDE) {
            scatterWhole(space, to, stride, scratch, run);
        } else if (count == FEW) {
            scatterQuads(space, to, stride, scratch, run);
        } else {
            scatterNumbers(space, to, stride, scratch, run, count);
        }
    }

    /** The first pass for whole rows. Rows that are not there are replaced by the last one. */
    private static void gather(float[] space, int scratch, long base, int[] rows, int from, int count) {
        int last = from + count - 1;
        for (int i = 0; i < count; i += FEW) {
            IntVector a = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i, last)], ORDER)
                    .reinterpretAsInts();
            IntVector b = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 1, last)], ORDER)
                    .reinterpretAsInts();
            IntVector c = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 2, last)], ORDER)
                    .reinterpretAsInts();
            IntVector d = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 3, last)], ORDER)
                    .reinterpretAsInts();
            IntVector ac = LOW.selectFrom(a, c);
            IntVector bd = LOW.selectFrom(b, d);
            IntVector highAc = HIGH.selectFrom(a, c);
            IntVector highBd = HIGH.selectFrom(b, d);
            int at = scratch + i * SIDE;
            LOW.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at);
            HIGH.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at + SIDE);
            LOW.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 2 * SIDE);
            HIGH.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 3 * SIDE);
        }
    }

    /** The first pass for rows of fewer numbers. Apart from the other, as loads through masks from beyond the nearest cache are slow. */
    private static void gatherPart(float[] space, int scratch, long base, int[] rows, int from, int count, int run) {
        VectorMask<Float> columns = SPECIES.indexInRange(0, run);
        int last = from + count - 1;
        for (int i = 0; i < count; i += FEW) {
            IntVector a = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i, last)], ORDER,
                    columns)
                    .reinterpretAsInts();
            IntVector b = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 1, last)], ORDER,
                    columns)
                    .reinterpretAsInts();
            IntVector c = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 2, last)], ORDER,
                    columns)
                    .reinterpretAsInts();
            IntVector d = fromMemorySegment(SPECIES, MEMORY, base + FLOAT * rows[Math.min(from + i + 3, last)], ORDER,
                    columns)
                    .reinterpretAsInts();
            IntVector ac = LOW.selectFrom(a, c);
            IntVector bd = LOW.selectFrom(b, d);
            IntVector highAc = HIGH.selectFrom(a, c);
            IntVector highBd = HIGH.selectFrom(b, d);
            int at = scratch + i * SIDE;
            LOW.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at);
            HIGH.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at + SIDE);
            LOW.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 2 * SIDE);
            HIGH.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 3 * SIDE);
        }
    }

    /** The second pass over four groups of rows; of those that were not read it takes what the scratch holds. */
    private static void scatter(float[] space, int to, int stride, int scratch, int run,
            int count) {
        VectorMask<Float> rows = SPECIES.indexInRange(0, count);
        for (int i = 0; 4 * i < run; i++) {
            int from = scratch + i * SIDE;
            IntVector a = fromArray(SPECIES, space, from).reinterpretAsInts();
            IntVector b = fromArray(SPECIES, space, from + 4 * SIDE).reinterpretAsInts();
            IntVector c = fromArray(SPECIES, space, from + 8 * SIDE).reinterpretAsInts();
            IntVector d = fromArray(SPECIES, space, from + 12 * SIDE).reinterpretAsInts();
            IntVector ac = LOW_FOURS.selectFrom(a, c);
            IntVector bd = LOW_FOURS.selectFrom(b, d);
            IntVector highAc = HIGH_FOURS.selectFrom(a, c);
            IntVector highBd = HIGH_FOURS.selectFrom(b, d);
            int at = to + 4 * i * stride;
            int left = run - 4 * i;
            LOW_FOURS.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at, rows);
            if (left > 1) {
                HIGH_FOURS.selectFrom(ac, bd).reinterpretAsFloats().intoArray(space, at + stride, rows);
            }
            if (left > 2) {
                LOW_FOURS.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 2 * stride, rows);
            }
            if (left > 3) {
                HIGH_FOURS.selectFrom(highAc, highBd).reinterpretAsFloats().intoArray(space, at + 3 * stride, rows);
            }
        }
    }

    /** The second pass over two groups of rows or one, all of them there. */
    private static void scatterWhole(float[] space, int to, int stride, int scratch, int run) {
        for (int l = 0; l < run; l += GROUPS) {
            int from = scratch + l / GROUPS * SIDE;
            IntVector a = fromArray(SPECIES, space, from).reinterpretAsInts();
            IntVector b = fromArray(SPECIES, space, from + (GROUPS - 1) * FEW * SIDE).reinterpretAsInts();
            int at = to + l * stride;
            LOW_FOURS.selectFrom(a, b).reinterpretAsFloats().intoArray(space, at);
            if (GROUPS > 1 && l + 1 < run) {
                HIGH_FOURS.selectFrom(a, b).reinterpretAsFloats().intoArray(space, at + stride);
            }
        }
    }

    /** The same for one group of rows, which the first pass leaves in order. */
    private static void scatterQuads(float[] space, int to, int stride, int scratch, int run) {
        for (int l = 0; l < run; l++) {
            int from = scratch + l * FEW;
            int at = to + l * stride;
            space[at] = space[from];
            space[at + 1] = space[from + 1];
            space[at + 2] = space[from + 2];
            space[at + 3] = space[from + 3];
        }
    }

    /** The same for fewer rows. */
    private static void scatterNumbers(float[] space, int to, int stride, int scratch, int run, int count) {
        for (int l = 0; l < run; l++) {
            int from = scratch + l / GROUPS * SIDE + l % GROUPS * FEW;
            for (int i = 0; i < count; i++) {
                space[to + l * stride + i] = space[from + i / FEW * FEW * SIDE + i % FEW];
            }
        }
    }
}
