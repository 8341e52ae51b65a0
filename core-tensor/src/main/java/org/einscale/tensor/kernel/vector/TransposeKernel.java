package org.einscale.tensor.kernel.vector;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.memory.Raw.MEMORY;
import static org.einscale.tensor.simd.Lanes.BYTES;
import static org.einscale.tensor.simd.Lanes.INTEGERS;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import org.einscale.tensor.memory.Raw;

/**
 * Transposes matrices of float32 in tiles of as many rows and columns as a vector has lanes: numbers of four rows are
 * interleaved in registers, and the fours of different rows then joined.
 */
final class TransposeKernel {
    /** Rows whose tiles are written one after the other: those of a cache line. */
    private static final int BAND = Math.max(16, LANES);
    /** Rows that are interleaved. */
    private static final int FEW = 4;
    private static final int GROUPS = LANES / FEW;
    private static final boolean IN_REGISTERS = GROUPS == 1 || GROUPS == 2 || GROUPS == FEW;
    /** Lanes of two vectors: 0 of the first, 0 of the second, 1 of the first ... */
    private static final IntVector LOW = interleaved(0, 1);
    private static final IntVector HIGH = interleaved(LANES / 2, 1);
    /** The same by fours: 0 to 3 of the first, 0 to 3 of the second, 4 to 7 of the first ... */
    private static final IntVector LOW_FOURS = interleaved(0, FEW);
    private static final IntVector HIGH_FOURS = interleaved(LANES / 2, FEW);

    /** A tile between the two passes. */
    private static final ThreadLocal<MemorySegment> SCRATCH = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(LANES * BYTES, BYTES));

    private TransposeKernel() {
    }

    private static IntVector interleaved(int start, int group) {
        int[] lanes = new int[LANES];
        for (int i = 0; i < LANES; i++) {
            lanes[i] = (start + i / (2 * group) * group + i % group) % LANES + i / group % 2 * LANES;
        }
        return IntVector.fromArray(INTEGERS, lanes, 0);
    }

    static void transpose(long destination, long destinationRowStride, long source, long sourceRowStride, int rows,
            int columns) {
        long width = FLOAT * destinationRowStride;
        long step = FLOAT * sourceRowStride;
        if (!IN_REGISTERS || rows < LANES || columns < LANES) {
            numbers(destination, width, source, step, rows, columns);
            return;
        }
        long scratch = SCRATCH.get().address();
        for (int band = 0; band < rows; band += BAND) {
            int end = Math.min(rows, band + BAND);
            for (int c = 0; c < columns; c += LANES) {
                long column = Math.min(c, columns - LANES);
                for (int r = band; r < end; r += LANES) {
                    // The last tiles begin early and write some numbers again.
                    long row = Math.min(r, rows - LANES);
                    tile(destination + column * width + FLOAT * row, width, source + row * step + FLOAT * column, step,
                            scratch);
                }
            }
        }
    }

    private static void numbers(long to, long width, long from, long step, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                Raw.putFloat(to + c * width + FLOAT * r, Raw.getFloat(from + r * step + FLOAT * c));
            }
        }
    }

    private static void tile(long to, long width, long from, long step, long scratch) {
        if (GROUPS == 1) {
            interleave(to, width, from, step);
            return;
        }
        for (int group = 0; group < GROUPS; group++) {
            interleave(scratch + group * BYTES, GROUPS * BYTES, from + FEW * group * step, step);
        }
        for (int i = 0; i < FEW; i++) {
            if (GROUPS == 2) {
                joinTwo(to + 2 * i * width, width, scratch + 2 * i * BYTES);
            } else {
                joinFour(to + FEW * i * width, width, scratch + FEW * i * BYTES);
            }
        }
    }

    /** Writes four vectors, each of a few columns of the four rows. */
    private static void interleave(long to, long width, long from, long step) {
        IntVector a = fromMemorySegment(SPECIES, MEMORY, from, ORDER).reinterpretAsInts();
        IntVector b = fromMemorySegment(SPECIES, MEMORY, from + step, ORDER).reinterpretAsInts();
        IntVector c = fromMemorySegment(SPECIES, MEMORY, from + 2 * step, ORDER).reinterpretAsInts();
        IntVector d = fromMemorySegment(SPECIES, MEMORY, from + 3 * step, ORDER).reinterpretAsInts();
        IntVector lowAc = LOW.selectFrom(a, c);
        IntVector lowBd = LOW.selectFrom(b, d);
        IntVector highAc = HIGH.selectFrom(a, c);
        IntVector highBd = HIGH.selectFrom(b, d);
        LOW.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        HIGH.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
        LOW.selectFrom(highAc, highBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 2 * width, ORDER);
        HIGH.selectFrom(highAc, highBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 3 * width, ORDER);
    }

    /** Two vectors, each of two columns of four rows, as two columns of eight rows. */
    private static void joinTwo(long to, long width, long scratch) {
        IntVector a = fromMemorySegment(SPECIES, MEMORY, scratch, ORDER).reinterpretAsInts();
        IntVector b = fromMemorySegment(SPECIES, MEMORY, scratch + BYTES, ORDER).reinterpretAsInts();
        LOW_FOURS.selectFrom(a, b).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        HIGH_FOURS.selectFrom(a, b).reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
    }

    /** Four vectors, each of four columns of four rows, as four columns of sixteen rows. */
    private static void joinFour(long to, long width, long scratch) {
        IntVector a = fromMemorySegment(SPECIES, MEMORY, scratch, ORDER).reinterpretAsInts();
        IntVector b = fromMemorySegment(SPECIES, MEMORY, scratch + BYTES, ORDER).reinterpretAsInts();
        IntVector c = fromMemorySegment(SPECIES, MEMORY, scratch + 2 * BYTES, ORDER).reinterpretAsInts();
        IntVector d = fromMemorySegment(SPECIES, MEMORY, scratch + 3 * BYTES, ORDER).reinterpretAsInts();
        IntVector lowAc = LOW_FOURS.selectFrom(a, c);
        IntVector lowBd = LOW_FOURS.selectFrom(b, d);
        IntVector highAc = HIGH_FOURS.selectFrom(a, c);
        IntVector highBd = HIGH_FOURS.selectFrom(b, d);
        LOW_FOURS.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
        HIGH_FOURS.selectFrom(lowAc, lowBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + width, ORDER);
        LOW_FOURS.selectFrom(highAc, highBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 2 * width, ORDER);
        HIGH_FOURS.selectFrom(highAc, highBd).reinterpretAsFloats().intoMemorySegment(MEMORY, to + 3 * width, ORDER);
    }
}
