package org.einscale.tensor.memory;

/**
 * Whether elements of strided arrays are one in memory: not whether their memory lies side by side, as columns of one matrix
 * do without sharing any. Exact, but for arrays whose strides are so contrived that the answer takes too long: they count as
 * overlapping. Strides are in elements.
 */
public final class Overlap {
    private Overlap() {
    }

    /** Whether two elements of an array are at one place. */
    public static boolean within(long[] shape, long[] strides) {
        int n = shape.length;
        long[] factors = new long[n];
        long[] most = new long[n];
        for (int i = 0; i < n; i++) {
            if (shape[i] == 0) {
                return false;
            }
            factors[i] = Math.abs(strides[i]);
            most[i] = shape[i] - 1;
        }
        return !nested(factors, most) && repeats(factors, most);
    }

    /** Whether each stride is more than all steps along those below it, so that no two elements can be at one place. */
    private static boolean nested(long[] factors, long[] most) {
        for (int i = 0; i < factors.length; i++) {
            long below = 0;
            for (int j = 0; j < factors.length; j++) {
                if (j != i && factors[j] <= factors[i]) {
                    below += factors[j] * most[j];
                }
            }
            if (most[i] > 0 && factors[i] <= below) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether steps along some axes lead back to where they began: f1 d1 + f2 d2 + ... = 0 for di from -mi to mi, the first of
     * them that is not 0 being positive.
     */
    private static boolean repeats(long[] factors, long[] most) {
        for (int first = 0; first < factors.length; first++) {
            if (most[first] == 0) {
                continue;
            }
            int n = factors.length - first;
            long[] rest = new long[n];
            long[] multiples = new long[n];
            rest[0] = factors[first];
            multiples[0] = most[first] - 1;
            long target = -factors[first];
            for (int i = 1; i < n; i++) {
                rest[i] = factors[first + i];
                multiples[i] = 2 * most[first + i];
                target += factors[first + i] * most[first + i];
            }
            if (new BoundedSum(rest, multiples).mayBe(target)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an element of one array is at the place of an element of another.
     *
     * @param address
     *            of the first element, in bytes
     * @param width
     *            of an element of either array, in bytes
     */
    public static boolean between(long address, long[] shape, long[] strides, long otherAddress, long[] otherShape,
            long[] otherStrides, int width) {
        long low = 0;
        long high = 0;
        long otherLow = 0;
        long otherHigh = 0;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return false;
            }
            low += Math.min(0, (shape[i] - 1) * strides[i]);
            high += Math.max(0, (shape[i] - 1) * strides[i]);
        }
        for (int i = 0; i < otherShape.length; i++) {
            if (otherShape[i] == 0) {
                return false;
            }
            otherLow += Math.min(0, (otherShape[i] - 1) * otherStrides[i]);
            otherHigh += Math.max(0, (otherShape[i] - 1) * otherStrides[i]);
        }
        // Elements from the least place of this array to the greatest of the other.
        long apart = otherAddress + otherHigh * width - (address + low * width);
        if (apart <= -width || apart >= (high - low + otherHigh - otherLow + 1) * width) {
            return false;
        }
        return apart % width != 0 || meets(shape, strides, otherShape, otherStrides, apart / width);
    }

    /** Both walk from their ends towards each other: together they must go the whole distance. */
    private static boolean meets(long[] shape, long[] strides, long[] otherShape, long[] otherStrides, long distance) {
        int n = shape.length;
        long[] factors = new long[n + otherShape.length];
        long[] most = new long[factors.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = Math.abs(i < n ? strides[i] : otherStrides[i - n]);
            most[i] = (i < n ? shape[i] : otherShape[i - n]) - 1;
        }
        return new BoundedSum(factors, most).mayBe(distance);
    }
}
