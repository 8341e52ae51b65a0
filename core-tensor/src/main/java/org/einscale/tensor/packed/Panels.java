package org.einscale.tensor.packed;

import static org.einscale.tensor.memory.Raw.FLOAT;
import static org.einscale.tensor.simd.Lanes.LANES;
import static org.einscale.tensor.simd.Lanes.ORDER;
import static org.einscale.tensor.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.einscale.tensor.memory.Raw;

/**
 * Packs one operand of a {@link PackedProduct} into panels, which is where its layout is transposed. A panel is a few
 * elements of the free group wide and holds one row of them for each element of the summed group; the last one may be
 * narrower, and what it has too much is not written, as the sums made of it are not stored.
 *
 * <p>Three orders of reading, chosen once by the offsets: along the panel's rows where the free group is contiguous; along
 * the sum where that is, or where every so manieth element of it is; and across panels where each is the one before it shifted by one element.
 */
final class Panels {
    /** Width of the panels of A for few registers. */
    private static final int QUAD = 4;
    /** Contiguous elements from which a vector is worth its mask. */
    private static final int SHORTEST_COPY = 4;
    /** Width of the blocks in which {@link Offsets#sums} goes: a cache line of floats. */
    static final int GROUP = 16;
    /** Panels packed together where each is the one before it shifted by one: a cache line of floats. */
    static final int TOGETHER = 16;

    private final int[] free;
    private final int[] summed;
    private final int[] freeRuns;
    /** Elements of the summed group after which the next one of a run follows. */
    private final int group;
    private final int[] summedRuns;
    /** For each full panel, how many from it on are each the one before shifted by one, itself included. */
    private final int[] shiftedPanels;
    private final boolean alongSum;
    private final int wide;
    private final int narrow;

    /**
     * @param free offsets of the free group in the operand
     * @param summed offsets of the summed group
     * @param wide width of all panels but the last
     * @param narrow width of the last one if no more is left
     */
    Panels(int[] free, int[] summed, int wide, int narrow) {
        this.free = free;
        this.summed = summed;
        this.wide = wide;
        this.narrow = narrow;
        freeRuns = Offsets.runs(free);
        int[] single = Offsets.runs(summed);
        int[] grouped = Offsets.runs(summed, GROUP);
        group = meanRun(grouped) > meanRun(single) ? GROUP : 1;
        summedRuns = group == 1 ? single : grouped;
        double meanFree = meanRun(freeRuns);
        double meanSummed = meanRun(summedRuns);
        alongSum = meanSummed > meanFree;
        shiftedPanels = Math.max(meanFree, meanSummed) < SHORTEST_COPY ? Offsets.runs(free, wide) : new int[0];
    }

    private static double meanRun(int[] runs) {
        int segments = 0;
        for (int i = 0; i < runs.length; i += runs[i]) {
            segments++;
        }
        return runs.length / (double) Math.max(1, segments);
    }

    /** Whether the sums go in blocks, in which every {@link #GROUP}th element continues a run. */
    boolean inBlocks() {
        return group > 1;
    }

    /** Width of a panel when so many elements are left. */
    int width(int left) {
        return left > narrow ? wide : narrow;
    }

    /**
     * Packs a block: the panel that starts at free element i starts at {@code to + (i - from) * depth}.
     *
     * @param to where in the space the first panel starts
     * @param base address of the operand
     * @param from first free element, a multiple of the width
     * @param end free element after the last
     * @param start first summed element
     * @param depth number of summed elements
     */
    void pack(float[] space, int to, long base, int from, int end, int start, int depth) {
        int together;
        for (int i = from; i < end; i += wide * together) {
            int width = width(end - i);
            int count = Math.min(width, end - i);
            int at = to + (i - from) * depth;
            together = togetherAt(i, end);
            if (together > 1) {
                packTogether(space, at, base, i, together, start, depth);
            } else if (alongSum) {
                packAlongSum(space, at, base, i, count, width, start, depth);
            } else {
                packAlongRows(space, at, base, i, count, width, start, depth);
            }
        }
    }

    private int togetherAt(int i, int end) {
        int panel = i / wide;
        if (panel >= shiftedPanels.length) {
            return 1;
        }
        return Math.max(1, Math.min(Math.min(TOGETHER, shiftedPanels[panel]), (end - i) / wide));
    }

    private void packTogether(float[] space, int at, long base, int from, int panels, int start, int depth) {
        for (int l = 0; l < depth; l++) {
            transpose(space, at + l * wide, wide * depth, base + FLOAT * summed[start + l], from, wide, panels);
        }
    }

    private void packAlongSum(float[] space, int at, long base, int from, int count, int width, int start, int depth) {
        int run;
        for (int l = 0; l < depth; l += run * group) {
            boolean whole = depth - l >= group;
            run = whole ? Math.min(summedRuns[(start + l) / group], (depth - l) / group) : 1;
            for (int i = l; i < (whole ? l + group : depth); i++) {
                transpose(space, at + i * width, group * width, base + FLOAT * summed[start + i], from, count, run);
            }
        }
    }

    /** {@code space[at + l * stride + i]} = number l of the contiguous ones at the offset of free element i. */
    private void transpose(float[] space, int at, int stride, long base, int from, int count, int run) {
        if (!Transposition.IN_REGISTERS || Math.min(count, run) < SHORTEST_COPY) {
            transposeNumbers(space, at, stride, base, from, count, run);
            return;
        }
        int side = Transposition.SIDE;
        for (int i = 0; i < count; i += side) {
            for (int l = 0; l < run; l += side) {
                Transposition.run(space, at + l * stride + i, stride, base + FLOAT * l, free, from + i,
                        Math.min(side, count - i), Math.min(side, run - l), PackingSpace.SCRATCH);
            }
        }
    }

    private void transposeNumbers(float[] space, int at, int stride, long base, int from, int count, int run) {
        for (int i = 0; i < count; i++) {
            long source = base + FLOAT * free[from + i];
            int to = at + i;
            for (int l = 0; l < run; l++) {
                space[to] = Raw.getFloat(source + FLOAT * l);
                to += stride;
            }
        }
    }

    private void packAlongRows(float[] space, int at, long base, int from, int count, int width, int start,
            int depth) {
        int run;
        for (int i = 0; i < count; i += run) {
            run = Math.min(Math.min(freeRuns[from + i], count - i), LANES);
            long source = base + FLOAT * free[from + i];
            if (run == LANES) {
                copyVectors(space, at + i, source, width, start, depth);
            } else if (run == QUAD) {
                copyQuads(space, at + i, source, width, start, depth);
            } else if (run >= SHORTEST_COPY) {
                copyPartOfVectors(space, at + i, source, width, start, depth, run);
            } else {
                run = 1;
                copyNumbers(space, at + i, source, width, start, depth);
            }
        }
    }

    private void copyVectors(float[] space, int at, long source, int width, int start, int depth) {
        for (int l = 0; l < depth; l++) {
            FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, source + FLOAT * summed[start + l], ORDER)
                    .intoArray(space, at + l * width);
        }
    }

    /**
     * The rows of panels of four, and of parts of wider ones: processors without masked stores are slow at imitating them. Number
     * by number, as C2 makes objects of vectors once it has seen those of another size pass through the same methods.
     */
    private void copyQuads(float[] space, int at, long source, int width, int start, int depth) {
        for (int l = 0; l < depth; l++) {
            long from = source + FLOAT * summed[start + l];
            int to = at + l * width;
            space[to] = Raw.getFloat(from);
            space[to + 1] = Raw.getFloat(from + FLOAT);
            space[to + 2] = Raw.getFloat(from + 2 * FLOAT);
            space[to + 3] = Raw.getFloat(from + 3 * FLOAT);
        }
    }

    private void copyPartOfVectors(float[] space, int at, long source, int width, int start, int depth,
            int run) {
        VectorMask<Float> mask = SPECIES.indexInRange(0, run);
        for (int l = 0; l < depth; l++) {
            FloatVector.fromMemorySegment(SPECIES, Raw.MEMORY, source + FLOAT * summed[start + l], ORDER, mask)
                    .intoArray(space, at + l * width, mask);
        }
    }

    private void copyNumbers(float[] space, int at, long source, int width, int start, int depth) {
        for (int l = 0; l < depth; l++) {
            space[at + l * width] = Raw.getFloat(source + FLOAT * summed[start + l]);
        }
    }
}
