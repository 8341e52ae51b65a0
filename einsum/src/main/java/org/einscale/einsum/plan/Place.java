package org.einscale.einsum.plan;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.tensor.Precision;

/**
 * Where the elements of a value are: element {@code (i0, i1, ...)} is {@code offset + i0 * strides[0] + i1 * strides[1] + ...}
 * elements into the buffer. Axes go by position.
 */
record Place(Buffer buffer, long offset, int[] sizes, long[] strides) {

    /** A whole buffer, row-major. */
    static Place rowMajor(Buffer buffer, int[] sizes) {
        return new Place(buffer, 0, sizes, rowMajorStrides(sizes));
    }

    static long[] rowMajorStrides(int[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        return strides;
    }

    static long volume(int[] sizes) {
        // A plain loop: steps ask for volumes while they run, and a stream is an object.
        long volume = 1;
        for (int size : sizes) {
            volume = Math.multiplyExact(volume, size);
        }
        return volume;
    }

    long volume() {
        return volume(sizes);
    }

    /** Elements in memory: positions along an axis of stride 0 are one element. */
    long distinctElements() {
        long volume = 1;
        for (int i = 0; i < sizes.length; i++) {
            volume *= strides[i] == 0 && sizes[i] > 0 ? 1 : sizes[i];
        }
        return volume;
    }

    /** Whether the elements stand side by side in row-major order. */
    boolean contiguous() {
        long expected = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] != 1 && strides[i] != expected) {
                return volume() == 0;
            }
            expected *= sizes[i];
        }
        return true;
    }

    Address address(Precision precision) {
        return new Address(buffer.number(), offset * precision.bytes());
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this. */
    Place permute(int[] order) {
        return new Place(buffer, offset, Arrays.stream(order).map(i -> sizes[i]).toArray(),
                Arrays.stream(order).mapToLong(i -> strides[i]).toArray());
    }

    /** One axis as several. */
    Place split(int axis, int[] parts) {
        long[] inner = rowMajorStrides(parts);
        long stride = strides[axis];
        return splice(axis, 1, parts, Arrays.stream(inner).map(s -> s * stride).toArray());
    }

    /** Adjacent axes as one, if their strides allow it without a copy. */
    Optional<Place> merge(int from, int count) {
        int size = 1;
        long stride = 1;
        for (int i = from + count - 1; i >= from; i--) {
            if (sizes[i] == 1) {
                continue;
            }
            if (size == 1) {
                stride = strides[i];
            } else if (strides[i] != stride * size) {
                return volume() == 0 ? Optional.of(splice(from, count, new int[]{0}, new long[]{1})) : Optional.empty();
            }
            size *= sizes[i];
        }
        return Optional.of(splice(from, count, new int[]{size}, new long[]{stride}));
    }

    /** Sizes with one more in front. */
    static int[] prepended(int size, int[] sizes) {
        return IntStream.concat(IntStream.of(size), Arrays.stream(sizes)).toArray();
    }

    /** A range of one axis. */
    Place slice(int axis, int start, int size) {
        int[] sliced = sizes.clone();
        sliced[axis] = size;
        return new Place(buffer, offset + start * strides[axis], sliced, strides);
    }

    private Place splice(int from, int count, int[] newSizes, long[] newStrides) {
        int rank = sizes.length - count + newSizes.length;
        int[] splicedSizes = Arrays.copyOf(sizes, rank);
        long[] splicedStrides = Arrays.copyOf(strides, rank);
        System.arraycopy(newSizes, 0, splicedSizes, from, newSizes.length);
        System.arraycopy(newStrides, 0, splicedStrides, from, newStrides.length);
        int rest = sizes.length - from - count;
        System.arraycopy(sizes, from + count, splicedSizes, from + newSizes.length, rest);
        System.arraycopy(strides, from + count, splicedStrides, from + newSizes.length, rest);
        return new Place(buffer, offset, splicedSizes, splicedStrides);
    }

    /** Whether both are the same elements in the same order. */
    boolean same(Place other) {
        return buffer == other.buffer && offset == other.offset && Arrays.equals(sizes, other.sizes)
                && Arrays.equals(strides, other.strides);
    }
}
