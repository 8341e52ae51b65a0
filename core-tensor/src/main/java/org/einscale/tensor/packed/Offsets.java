package org.einscale.tensor.packed;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.einscale.tensor.packed.tile.Tile;

/**
 * Where the elements of a group of axes lie in the two tensors that have these axes: element i of the group is
 * {@code first[i]} elements from the start of the first tensor and {@code second[i]} from that of the second. Neither array
 * is modified, nor must it be by others.
 *
 * @param first offsets in the first tensor, in elements
 * @param second offsets in the second, as many
 */
public record Offsets(int[] first, int[] second) {
    /** Whole blocks beside which what fills none does not matter. */
    private static final int ENOUGH_BLOCKS = 8;

    /** @throws IllegalArgumentException unless both have the same length */
    public Offsets {
        if (first.length != second.length) {
            throw new IllegalArgumentException("offsets of " + first.length + " elements in the first tensor and "
                    + second.length + " in the second: expected as many");
        }
    }

    /** Number of elements of the group. */
    public int count() {
        return first.length;
    }

    /**
     * The group of axes in the order given, the last one fastest. No axes are one element at offset 0.
     *
     * @param sizes of the axes, each 0 or more
     * @param first strides in the first tensor, in elements, of any sign
     * @param second strides in the second
     * @throws IllegalArgumentException if there are not as many strides as sizes, a size is negative, or the elements or an
     *     offset do not fit into an int
     */
    public static Offsets of(int[] sizes, long[] first, long[] second) {
        checkLengths(sizes, first, second);
        return new Offsets(table(sizes, first), table(sizes, second));
    }

    private static void checkLengths(int[] sizes, long[] first, long[] second) {
        if (first.length != sizes.length || second.length != sizes.length) {
            throw new IllegalArgumentException("strides " + Arrays.toString(first) + " and " + Arrays.toString(second)
                    + ": expected one for each of the sizes " + Arrays.toString(sizes));
        }
    }

    /**
     * The group of axes in an order good for the columns of a {@link PackedProduct}, where the first tensor is the operand and
     * the second the result: as in the result, except where different axes are contiguous in the two. Then a tile's width of
     * the other axes, in the order of the result, is walked through once for every position of the operand's contiguous
     * axis, so that panels packed from the same cache lines follow one another. Positions of the other axes that fill no
     * tile come last, in the order of the result.
     *
     * @param sizes of the axes, each 0 or more
     * @param first strides in the operand, in elements, of any sign
     * @param second strides in the result
     * @throws IllegalArgumentException as {@link #of}
     */
    public static Offsets columns(int[] sizes, long[] first, long[] second) {
        checkLengths(sizes, first, second);
        int[] axes = IntStream.range(0, sizes.length).boxed()
                .sorted(Comparator.comparing((Integer axis) -> -Math.abs(second[axis]))).mapToInt(axis -> axis)
                .toArray();
        return inBlocks(sizes, first, second, axes, Tile.COLUMNS);
    }

    /**
     * The group of axes in an order good for the sums of a {@link PackedProduct}: as given, except where different axes are
     * contiguous in the two operands and long enough. Then it goes in blocks as {@link #columns} does, but as wide as a cache
     * line, so that both are read along their contiguous axes.
     *
     * @param sizes of the axes, each 0 or more
     * @param first strides in the one operand, in elements, of any sign
     * @param second strides in the other
     * @throws IllegalArgumentException as {@link #of}
     */
    public static Offsets sums(int[] sizes, long[] first, long[] second) {
        checkLengths(sizes, first, second);
        int inFirst = contiguous(sizes, first);
        int inSecond = contiguous(sizes, second);
        boolean crossed = inFirst >= 0 && inSecond >= 0 && inFirst != inSecond;
        int others = crossed ? count(sizes) / Math.max(1, sizes[inFirst]) : 0;
        boolean inWholeBlocks = others % Panels.GROUP == 0 || others >= ENOUGH_BLOCKS * Panels.GROUP;
        if (others == 0 || !inWholeBlocks) {
            return of(sizes, first, second);
        }
        return inBlocks(sizes, first, second, IntStream.concat(
                IntStream.range(0, sizes.length).filter(axis -> axis != inSecond), IntStream.of(inSecond)).toArray(),
                Panels.GROUP);
    }

    private static Offsets inBlocks(int[] sizes, long[] first, long[] second, int[] axes, int width) {
        int inFirst = contiguous(sizes, first);
        int inSecond = contiguous(sizes, second);
        if (inFirst < 0 || inSecond < 0 || inFirst == inSecond) {
            return of(pick(sizes, axes), pick(first, axes), pick(second, axes));
        }
        int[] lineLast = IntStream.concat(Arrays.stream(axes).filter(axis -> axis != inFirst), IntStream.of(inFirst))
                .toArray();
        Offsets plain = of(pick(sizes, lineLast), pick(first, lineLast), pick(second, lineLast));
        int[] order = blockOrder(plain.count() / sizes[inFirst], sizes[inFirst], width);
        return new Offsets(pick(plain.first, order), pick(plain.second, order));
    }

    /** The axis of stride 1, or -1. */
    private static int contiguous(int[] sizes, long[] strides) {
        return IntStream.range(0, sizes.length)
                .filter(axis -> strides[axis] == 1 && sizes[axis] > 1).findFirst().orElse(-1);
    }

    /** Positions in a row-major (others, line) array: blocks of so many of the others first, then what fills no block. */
    private static int[] blockOrder(int others, int line, int width) {
        int whole = others / width * width;
        int[] order = new int[others * line];
        int filled = 0;
        for (int t = 0; t < whole; t += width) {
            for (int l = 0; l < line; l++) {
                for (int i = t; i < t + width; i++) {
                    order[filled++] = i * line + l;
                }
            }
        }
        for (int l = 0; l < line; l++) {
            for (int i = whole; i < others; i++) {
                order[filled++] = i * line + l;
            }
        }
        return order;
    }

    private static int[] pick(int[] values, int[] order) {
        return Arrays.stream(order).map(i -> values[i]).toArray();
    }

    private static long[] pick(long[] values, int[] axes) {
        return Arrays.stream(axes).mapToLong(axis -> values[axis]).toArray();
    }

    private static int[] table(int[] sizes, long[] strides) {
        int[] offsets = new int[count(sizes)];
        if (offsets.length > 0) {
            checkReach(sizes, strides);
        }
        int filled = Math.min(1, offsets.length);
        for (int axis = sizes.length - 1; axis >= 0 && offsets.length > 0; axis--) {
            for (int i = 1; i < sizes[axis]; i++) {
                int shift = (int) (strides[axis] * i);
                for (int j = 0; j < filled; j++) {
                    offsets[i * filled + j] = offsets[j] + shift;
                }
            }
            filled *= sizes[axis];
        }
        return offsets;
    }

    /** In floating point, which cannot overflow. */
    private static void checkReach(int[] sizes, long[] strides) {
        double reach = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            reach += Math.abs((double) strides[axis]) * (sizes[axis] - 1);
        }
        if (reach > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("sizes " + Arrays.toString(sizes) + " with strides "
                    + Arrays.toString(strides) + ": an element lies more than " + Integer.MAX_VALUE + " elements away");
        }
    }

    private static int count(int[] sizes) {
        double count = 1;
        for (int size : sizes) {
            if (size < 0) {
                throw new IllegalArgumentException("sizes " + Arrays.toString(sizes) + ": expected 0 or more");
            }
            count *= size;
        }
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("sizes " + Arrays.toString(sizes) + ": expected at most "
                    + Integer.MAX_VALUE + " elements");
        }
        return (int) count;
    }

    /**
     * For each element, how many from it on lie one behind the other, itself included.
     *
     * @param offsets not modified
     */
    static int[] runs(int[] offsets) {
        return runs(offsets, 1);
    }

    /**
     * For each group of so many elements, how many groups from it on are each the one before shifted by one, itself included.
     *
     * @param offsets not modified; elements after the last whole group are in none
     */
    static int[] runs(int[] offsets, int group) {
        int[] runs = new int[offsets.length / group];
        Arrays.fill(runs, 1);
        for (int i = runs.length - 2; i >= 0; i--) {
            boolean shifted = true;
            for (int j = i * group; j < (i + 1) * group; j++) {
                shifted &= offsets[j + group] == offsets[j] + 1;
            }
            runs[i] = shifted ? runs[i + 1] + 1 : 1;
        }
        return runs;
    }
}
