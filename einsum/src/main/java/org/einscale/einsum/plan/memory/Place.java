package org.einscale.einsum.plan.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.einscale.einsum.program.ProgramError;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;

/**
 * Where the elements of a value are: element {@code (i0, i1, ...)} is {@code offset + i0 * strides[0] + i1 * strides[1] + ...}
 * elements into the buffer. Axes go by position.
 */
public record Place(Buffer buffer, long offset, long[] sizes, long[] strides) {

    /** A whole buffer, row-major. */
    public static Place rowMajor(Buffer buffer, long[] sizes) {
        return new Place(buffer, 0, sizes, rowMajorStrides(sizes));
    }

    /** Strides of elements side by side, the last axis innermost. */
    public static long[] rowMajorStrides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        return strides;
    }

    /**
     * @throws ProgramError
     *             if there are more elements than a long counts
     */
    public static long volume(long[] sizes) {
        double volume = Arrays.stream(sizes).asDoubleStream().reduce(1, (x, y) -> x * y);
        if (volume >= Long.MAX_VALUE) {
            throw new ProgramError(
                    String.format(Locale.ROOT, "a tensor of sizes %s has %.3g elements; expected fewer than 2^63",
                            Arrays.toString(sizes), volume));
        }
        return Arrays.stream(sizes).reduce(1, (x, y) -> x * y);
    }

    public long volume() {
        return volume(sizes);
    }

    /** Elements in memory: positions along an axis of stride 0 are one element. */
    public long distinctElements() {
        long volume = 1;
        for (int i = 0; i < sizes.length; i++) {
            volume *= strides[i] == 0 && sizes[i] > 0 ? 1 : sizes[i];
        }
        return volume;
    }

    /** Whether the elements stand side by side in row-major order. */
    public boolean contiguous() {
        long expected = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            if (sizes[i] != 1 && strides[i] != expected) {
                return volume() == 0;
            }
            expected *= sizes[i];
        }
        return true;
    }

    public Address address(Precision precision) {
        return new Address(buffer.number(), offset * precision.bytes());
    }

    /** The axes in another order: axis i of the result is axis {@code order[i]} of this. */
    public Place permute(int[] order) {
        return new Place(buffer, offset, Arrays.stream(order).mapToLong(i -> sizes[i]).toArray(),
                Arrays.stream(order).mapToLong(i -> strides[i]).toArray());
    }

    /** One axis as several. */
    public Place split(int axis, long[] parts) {
        long[] inner = rowMajorStrides(parts);
        long stride = strides[axis];
        return splice(axis, 1, parts, Arrays.stream(inner).map(s -> s * stride).toArray());
    }

    /** Adjacent axes as one, if their strides allow it without a copy. */
    public Optional<Place> merge(int from, int count) {
        long size = 1;
        long stride = 1;
        for (int i = from + count - 1; i >= from; i--) {
            if (sizes[i] == 1) {
                continue;
            }
            if (size == 1) {
                stride = strides[i];
            } else if (strides[i] != stride * size) {
                return volume() == 0
                        ? Optional.of(splice(from, count, new long[]{0}, new long[]{1}))
                        : Optional.empty();
            }
            size *= sizes[i];
        }
        return Optional.of(splice(from, count, new long[]{size}, new long[]{stride}));
    }

    /** Sizes with one more in front. */
    public static long[] prepended(long size, long[] sizes) {
        return LongStream.concat(LongStream.of(size), Arrays.stream(sizes)).toArray();
    }

    /** A range of one axis. */
    public Place slice(int axis, long start, long size) {
        long[] sliced = sizes.clone();
        sliced[axis] = size;
        return new Place(buffer, offset + start * strides[axis], sliced, strides);
    }

    /** Sizes of an index space, but 1 along the axes along which none of the places, which have the same axes, moves. */
    public static long[] different(long[] sizes, List<Place> places) {
        return IntStream.range(0, sizes.length)
                .mapToLong(i -> places.stream().allMatch(place -> place.strides[i] == 0)
                        ? Math.min(1, sizes[i])
                        : sizes[i])
                .toArray();
    }

    /** The same with size 1 along the axes that repeat one element. */
    public Place once() {
        return new Place(buffer, offset, different(sizes, List.of(this)), strides);
    }

    /** The same with size 1 along some axes. */
    public Place once(IntPredicate axes) {
        return new Place(buffer, offset,
                IntStream.range(0, sizes.length).mapToLong(i -> axes.test(i) ? Math.min(1, sizes[i]) : sizes[i])
                        .toArray(),
                strides);
    }

    /** The axes at given positions among others of such sizes, along which the place does not move. */
    public Place spread(int[] positions, long[] among) {
        long[] spread = new long[among.length];
        for (int i = 0; i < positions.length; i++) {
            spread[positions[i]] = strides[i];
        }
        return new Place(buffer, offset, among, spread);
    }

    /** A place seen with other axes: the strides of one that its term repeats add up, those of one that it lacks are 0. */
    public static Place aligned(List<Axis> term, Place place, List<Axis> axes) {
        List<Long> sizes = new ArrayList<>();
        List<Long> strides = new ArrayList<>();
        for (Axis axis : axes) {
            long size = 1;
            long stride = 0;
            for (int i = 0; i < term.size(); i++) {
                if (term.get(i).equals(axis)) {
                    size = place.sizes()[i];
                    stride += place.strides()[i];
                }
            }
            sizes.add(size);
            strides.add(stride);
        }
        return new Place(place.buffer(), place.offset(), sizes.stream().mapToLong(i -> i).toArray(),
                strides.stream().mapToLong(i -> i).toArray());
    }

    private Place splice(int from, int count, long[] newSizes, long[] newStrides) {
        int rank = sizes.length - count + newSizes.length;
        long[] splicedSizes = Arrays.copyOf(sizes, rank);
        long[] splicedStrides = Arrays.copyOf(strides, rank);
        System.arraycopy(newSizes, 0, splicedSizes, from, newSizes.length);
        System.arraycopy(newStrides, 0, splicedStrides, from, newStrides.length);
        int rest = sizes.length - from - count;
        System.arraycopy(sizes, from + count, splicedSizes, from + newSizes.length, rest);
        System.arraycopy(strides, from + count, splicedStrides, from + newSizes.length, rest);
        return new Place(buffer, offset, splicedSizes, splicedStrides);
    }

    /** Whether both are the same elements in the same order. */
    public boolean same(Place other) {
        return buffer == other.buffer && offset == other.offset && Arrays.equals(sizes, other.sizes)
                && Arrays.equals(strides, other.strides);
    }
}
