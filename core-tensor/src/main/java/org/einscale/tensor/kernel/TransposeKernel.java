package org.einscale.tensor.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.einscale.tensor.kernel.Lanes.COUNT;
import static org.einscale.tensor.kernel.Lanes.INTEGERS;
import static org.einscale.tensor.kernel.Lanes.ORDER;
import static org.einscale.tensor.kernel.Lanes.SPECIES;
import static org.einscale.tensor.memory.Raw.MEMORY;

import jdk.incubator.vector.IntVector;
import org.einscale.tensor.memory.Raw;

/**
 * Transposes matrices of float32 in tiles of as many rows and columns as a vector has lanes, in registers: numbers of four rows
 * are interleaved to the four rows of a few columns, and those by fours with the same columns of other rows.
 */
final class TransposeKernel {
    /** Rows whose tiles are written one after the other: those of a cache line. */
    private static final int BAND = Math.max(16, COUNT);
    private static final boolean IN_REGISTERS = COUNT == 4 || COUNT == 8 || COUNT == 16;
    /** Lanes of two vectors: 0 of the first, 0 of the second, 1 of the first ... */
    private static final IntVector LOW = interleaved(0, 1);
    private static final IntVector HIGH = interleaved(COUNT / 2, 1);
    /** The same by fours: 0 to 3 of the first, 0 to 3 of the second, 4 to 7 of the first ... */
    private static final IntVector LOW_FOURS = interleaved(0, 4);
    private static final IntVector HIGH_FOURS = interleaved(COUNT / 2, 4);

    private TransposeKernel() {
    }

    private static IntVector interleaved(int start, int group) {
        int[] lanes = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            lanes[i] = (start + i / (2 * group) * group + i % group) % COUNT + i / group % 2 * COUNT;
        }
        return IntVector.fromArray(INTEGERS, lanes, 0);
    }

    static void transpose(long destination, int destinationRowStride, long source, int sourceRowStride, int rows,
            int columns) {
        long width = 4L * destinationRowStride;
        long step = 4L * sourceRowStride;
        if (!IN_REGISTERS || rows < COUNT || columns < COUNT) {
            numbers(destination, width, source, step, rows, columns);
            return;
        }
        for (int band = 0; band < rows; band += BAND) {
            int end = Math.min(rows, band + BAND);
            for (int c = 0; c < columns; c += COUNT) {
                long column = Math.min(c, columns - COUNT);
                for (int r = band; r < end; r += COUNT) {
                    // The last tiles begin early and write some numbers again.
                    long row = Math.min(r, rows - COUNT);
                    tile(destination + column * width + 4 * row, width, source + row * step + 4 * column, step);
                }
            }
        }
    }

    private static void numbers(long to, long width, long from, long step, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                Raw.putFloat(to + c * width + 4L * r, Raw.getFloat(from + r * step + 4L * c));
            }
        }
    }

    private static void tile(long to, long width, long from, long step) {
        if (COUNT == 4) {
            four(to, width, from, step);
        } else if (COUNT == 8) {
            eight(to, width, from, step);
        } else {
            sixteen(to, width, from, step);
        }
    }

    private static void four(long to, long width, long from, long step) {
        IntVector a0 = fromMemorySegment(SPECIES, MEMORY, from, ORDER).reinterpretAsInts();
        IntVector b0 = fromMemorySegment(SPECIES, MEMORY, from + step, ORDER).reinterpretAsInts();
        IntVector c0 = fromMemorySegment(SPECIES, MEMORY, from + 2 * step, ORDER).reinterpretAsInts();
        IntVector d0 = fromMemorySegment(SPECIES, MEMORY, from + 3 * step, ORDER).reinterpretAsInts();
        IntVector lowAc0 = LOW.selectFrom(a0, c0);
        IntVector lowBd0 = LOW.selectFrom(b0, d0);
        IntVector highAc0 = HIGH.selectFrom(a0, c0);
        IntVector highBd0 = HIGH.selectFrom(b0, d0);
        IntVector p0 = LOW.selectFrom(lowAc0, lowBd0);
        IntVector q0 = HIGH.selectFrom(lowAc0, lowBd0);
        IntVector r0 = LOW.selectFrom(highAc0, highBd0);
        IntVector s0 = HIGH.selectFrom(highAc0, highBd0);
        p0.reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        q0.reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
        r0.reinterpretAsFloats().intoMemorySegment(MEMORY, to + 2 * width, ORDER);
        s0.reinterpretAsFloats().intoMemorySegment(MEMORY, to + 3 * width, ORDER);
    }

    private static void eight(long to, long width, long from, long step) {
        IntVector a0 = fromMemorySegment(SPECIES, MEMORY, from, ORDER).reinterpretAsInts();
        IntVector b0 = fromMemorySegment(SPECIES, MEMORY, from + step, ORDER).reinterpretAsInts();
        IntVector c0 = fromMemorySegment(SPECIES, MEMORY, from + 2 * step, ORDER).reinterpretAsInts();
        IntVector d0 = fromMemorySegment(SPECIES, MEMORY, from + 3 * step, ORDER).reinterpretAsInts();
        IntVector lowAc0 = LOW.selectFrom(a0, c0);
        IntVector lowBd0 = LOW.selectFrom(b0, d0);
        IntVector highAc0 = HIGH.selectFrom(a0, c0);
        IntVector highBd0 = HIGH.selectFrom(b0, d0);
        IntVector p0 = LOW.selectFrom(lowAc0, lowBd0);
        IntVector q0 = HIGH.selectFrom(lowAc0, lowBd0);
        IntVector r0 = LOW.selectFrom(highAc0, highBd0);
        IntVector s0 = HIGH.selectFrom(highAc0, highBd0);
        IntVector a1 = fromMemorySegment(SPECIES, MEMORY, from + 4 * step, ORDER).reinterpretAsInts();
        IntVector b1 = fromMemorySegment(SPECIES, MEMORY, from + 5 * step, ORDER).reinterpretAsInts();
        IntVector c1 = fromMemorySegment(SPECIES, MEMORY, from + 6 * step, ORDER).reinterpretAsInts();
        IntVector d1 = fromMemorySegment(SPECIES, MEMORY, from + 7 * step, ORDER).reinterpretAsInts();
        IntVector lowAc1 = LOW.selectFrom(a1, c1);
        IntVector lowBd1 = LOW.selectFrom(b1, d1);
        IntVector highAc1 = HIGH.selectFrom(a1, c1);
        IntVector highBd1 = HIGH.selectFrom(b1, d1);
        IntVector p1 = LOW.selectFrom(lowAc1, lowBd1);
        IntVector q1 = HIGH.selectFrom(lowAc1, lowBd1);
        IntVector r1 = LOW.selectFrom(highAc1, highBd1);
        IntVector s1 = HIGH.selectFrom(highAc1, highBd1);
        LOW_FOURS.selectFrom(p0, p1).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        HIGH_FOURS.selectFrom(p0, p1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
        LOW_FOURS.selectFrom(q0, q1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 2 * width, ORDER);
        HIGH_FOURS.selectFrom(q0, q1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 3 * width, ORDER);
        LOW_FOURS.selectFrom(r0, r1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 4 * width, ORDER);
        HIGH_FOURS.selectFrom(r0, r1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 5 * width, ORDER);
        LOW_FOURS.selectFrom(s0, s1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 6 * width, ORDER);
        HIGH_FOURS.selectFrom(s0, s1).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 7 * width, ORDER);
    }

    private static void sixteen(long to, long width, long from, long step) {
        IntVector a0 = fromMemorySegment(SPECIES, MEMORY, from, ORDER).reinterpretAsInts();
        IntVector b0 = fromMemorySegment(SPECIES, MEMORY, from + step, ORDER).reinterpretAsInts();
        IntVector c0 = fromMemorySegment(SPECIES, MEMORY, from + 2 * step, ORDER).reinterpretAsInts();
        IntVector d0 = fromMemorySegment(SPECIES, MEMORY, from + 3 * step, ORDER).reinterpretAsInts();
        IntVector lowAc0 = LOW.selectFrom(a0, c0);
        IntVector lowBd0 = LOW.selectFrom(b0, d0);
        IntVector highAc0 = HIGH.selectFrom(a0, c0);
        IntVector highBd0 = HIGH.selectFrom(b0, d0);
        IntVector p0 = LOW.selectFrom(lowAc0, lowBd0);
        IntVector q0 = HIGH.selectFrom(lowAc0, lowBd0);
        IntVector r0 = LOW.selectFrom(highAc0, highBd0);
        IntVector s0 = HIGH.selectFrom(highAc0, highBd0);
        IntVector a1 = fromMemorySegment(SPECIES, MEMORY, from + 4 * step, ORDER).reinterpretAsInts();
        IntVector b1 = fromMemorySegment(SPECIES, MEMORY, from + 5 * step, ORDER).reinterpretAsInts();
        IntVector c1 = fromMemorySegment(SPECIES, MEMORY, from + 6 * step, ORDER).reinterpretAsInts();
        IntVector d1 = fromMemorySegment(SPECIES, MEMORY, from + 7 * step, ORDER).reinterpretAsInts();
        IntVector lowAc1 = LOW.selectFrom(a1, c1);
        IntVector lowBd1 = LOW.selectFrom(b1, d1);
        IntVector highAc1 = HIGH.selectFrom(a1, c1);
        IntVector highBd1 = HIGH.selectFrom(b1, d1);
        IntVector p1 = LOW.selectFrom(lowAc1, lowBd1);
        IntVector q1 = HIGH.selectFrom(lowAc1, lowBd1);
        IntVector r1 = LOW.selectFrom(highAc1, highBd1);
        IntVector s1 = HIGH.selectFrom(highAc1, highBd1);
        IntVector a2 = fromMemorySegment(SPECIES, MEMORY, from + 8 * step, ORDER).reinterpretAsInts();
        IntVector b2 = fromMemorySegment(SPECIES, MEMORY, from + 9 * step, ORDER).reinterpretAsInts();
        IntVector c2 = fromMemorySegment(SPECIES, MEMORY, from + 10 * step, ORDER).reinterpretAsInts();
        IntVector d2 = fromMemorySegment(SPECIES, MEMORY, from + 11 * step, ORDER).reinterpretAsInts();
        IntVector lowAc2 = LOW.selectFrom(a2, c2);
        IntVector lowBd2 = LOW.selectFrom(b2, d2);
        IntVector highAc2 = HIGH.selectFrom(a2, c2);
        IntVector highBd2 = HIGH.selectFrom(b2, d2);
        IntVector p2 = LOW.selectFrom(lowAc2, lowBd2);
        IntVector q2 = HIGH.selectFrom(lowAc2, lowBd2);
        IntVector r2 = LOW.selectFrom(highAc2, highBd2);
        IntVector s2 = HIGH.selectFrom(highAc2, highBd2);
        IntVector a3 = fromMemorySegment(SPECIES, MEMORY, from + 12 * step, ORDER).reinterpretAsInts();
        IntVector b3 = fromMemorySegment(SPECIES, MEMORY, from + 13 * step, ORDER).reinterpretAsInts();
        IntVector c3 = fromMemorySegment(SPECIES, MEMORY, from + 14 * step, ORDER).reinterpretAsInts();
        IntVector d3 = fromMemorySegment(SPECIES, MEMORY, from + 15 * step, ORDER).reinterpretAsInts();
        IntVector lowAc3 = LOW.selectFrom(a3, c3);
        IntVector lowBd3 = LOW.selectFrom(b3, d3);
        IntVector highAc3 = HIGH.selectFrom(a3, c3);
        IntVector highBd3 = HIGH.selectFrom(b3, d3);
        IntVector p3 = LOW.selectFrom(lowAc3, lowBd3);
        IntVector q3 = HIGH.selectFrom(lowAc3, lowBd3);
        IntVector r3 = LOW.selectFrom(highAc3, highBd3);
        IntVector s3 = HIGH.selectFrom(highAc3, highBd3);
        IntVector lowPAc = LOW_FOURS.selectFrom(p0, p2);
        IntVector lowPBd = LOW_FOURS.selectFrom(p1, p3);
        IntVector highPAc = HIGH_FOURS.selectFrom(p0, p2);
        IntVector highPBd = HIGH_FOURS.selectFrom(p1, p3);
        LOW_FOURS.selectFrom(lowPAc, lowPBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        HIGH_FOURS.selectFrom(lowPAc, lowPBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
        LOW_FOURS.selectFrom(highPAc, highPBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 2 * width, ORDER);
        HIGH_FOURS.selectFrom(highPAc, highPBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 3 * width, ORDER);
        IntVector lowQAc = LOW_FOURS.selectFrom(q0, q2);
        IntVector lowQBd = LOW_FOURS.selectFrom(q1, q3);
        IntVector highQAc = HIGH_FOURS.selectFrom(q0, q2);
        IntVector highQBd = HIGH_FOURS.selectFrom(q1, q3);
        LOW_FOURS.selectFrom(lowQAc, lowQBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 4 * width, ORDER);
        HIGH_FOURS.selectFrom(lowQAc, lowQBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 5 * width, ORDER);
        LOW_FOURS.selectFrom(highQAc, highQBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 6 * width, ORDER);
        HIGH_FOURS.selectFrom(highQAc, highQBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 7 * width, ORDER);
        IntVector lowRAc = LOW_FOURS.selectFrom(r0, r2);
        IntVector lowRBd = LOW_FOURS.selectFrom(r1, r3);
        IntVector highRAc = HIGH_FOURS.selectFrom(r0, r2);
        IntVector highRBd = HIGH_FOURS.selectFrom(r1, r3);
        LOW_FOURS.selectFrom(lowRAc, lowRBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 8 * width, ORDER);
        HIGH_FOURS.selectFrom(lowRAc, lowRBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 9 * width, ORDER);
        LOW_FOURS.selectFrom(highRAc, highRBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 10 * width, ORDER);
        HIGH_FOURS.selectFrom(highRAc, highRBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 11 * width, ORDER);
        IntVector lowSAc = LOW_FOURS.selectFrom(s0, s2);
        IntVector lowSBd = LOW_FOURS.selectFrom(s1, s3);
        IntVector highSAc = HIGH_FOURS.selectFrom(s0, s2);
        IntVector highSBd = HIGH_FOURS.selectFrom(s1, s3);
        LOW_FOURS.selectFrom(lowSAc, lowSBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 12 * width, ORDER);
        HIGH_FOURS.selectFrom(lowSAc, lowSBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 13 * width, ORDER);
        LOW_FOURS.selectFrom(highSAc, highSBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 14 * width, ORDER);
        HIGH_FOURS.selectFrom(highSAc, highSBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 15 * width, ORDER);
    }
}
