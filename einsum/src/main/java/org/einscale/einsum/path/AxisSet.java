package org.einscale.einsum.path;

import java.util.Arrays;

/** An immutable set of axes, numbered from 0, a bit each. Sets that meet have the same number of words. */
public final class AxisSet {
    private final long[] words;

    private AxisSet(long[] words) {
        this.words = words;
    }

    /** The empty set among so many axes. */
    public static AxisSet none(int axes) {
        return new AxisSet(new long[(axes + Long.SIZE - 1) / Long.SIZE]);
    }

    AxisSet with(int axis) {
        long[] result = words.clone();
        result[axis / Long.SIZE] |= 1L << axis;
        return new AxisSet(result);
    }

    public AxisSet or(AxisSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] |= other.words[i];
        }
        return new AxisSet(result);
    }

    public AxisSet and(AxisSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] &= other.words[i];
        }
        return new AxisSet(result);
    }

    AxisSet without(AxisSet other) {
        long[] result = words.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] &= ~other.words[i];
        }
        return new AxisSet(result);
    }

    boolean has(int axis) {
        return (words[axis / Long.SIZE] >>> axis & 1) != 0;
    }

    public boolean meets(AxisSet other) {
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & other.words[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** The axes, ascending. */
    int[] numbers() {
        int[] numbers = new int[count()];
        int next = 0;
        for (int i = 0; i < words.length; i++) {
            for (long bits = words[i]; bits != 0; bits &= bits - 1) {
                numbers[next++] = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
            }
        }
        return numbers;
    }

    private int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** Number of elements spanned by the axes of this set and of another; without overflow, at most {@code limit}. */
    double volume(AxisSet other, double[] sizes, double limit) {
        double volume = 1;
        for (int i = 0; i < words.length; i++) {
            for (long bits = words[i] | other.words[i]; bits != 0; bits &= bits - 1) {
                volume = Math.min(limit, volume * sizes[i * Long.SIZE + Long.numberOfTrailingZeros(bits)]);
            }
        }
        return volume;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AxisSet that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
