package org.einscale.einsum.program;

import java.util.List;
import java.util.Optional;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * Where the elements of a device's part of a tensor stand in the whole tensor, both row-major: in runs that are without a gap
 * in both.
 *
 * @param run
 *            elements of a run
 * @param runs
 *            number of runs
 * @param whole
 *            elements of the whole tensor
 */
public record Positions(long run, long runs, long whole, int[] outer, int[] starts, long[] strides, long first) {

    /**
     * Positions of a tensor with these axes.
     *
     * @param section
     *            that the tensor is of the whole, if it is not all of it
     */
    public static Positions of(List<Axis> axes, Sizes sizes, Optional<Operation.Section> section) {
        int rank = axes.size();
        long[] strides = new long[rank];
        long whole = 1;
        int inner = rank;
        for (int i = rank - 1; i >= 0; i--) {
            Axis axis = axes.get(i);
            strides[i] = whole;
            whole *= (long) sizes.of(axis.whole()) * of(section, axis).map(Operation.Section::count).orElse(1);
            if (inner == rank && (!axis.over().isEmpty() || of(section, axis).isPresent())) {
                inner = i;
            }
        }
        int split = inner == rank ? 0 : inner;
        int[] outer = axes.subList(0, split).stream().mapToInt(sizes::of).toArray();
        int[] starts = axes.stream().mapToInt(axis -> sizes.start(axis)
                + of(section, axis).map(s -> s.number() * sizes.of(axis.whole())).orElse(0)).toArray();
        long first = inner == rank ? 0 : starts[split] * strides[split];
        long runs = sizes.volume(axes.subList(0, split));
        return new Positions(sizes.volume(axes.subList(split, rank)), runs, whole, outer, starts, strides, first);
    }

    private static Optional<Operation.Section> of(Optional<Operation.Section> section, Axis axis) {
        return section.filter(s -> s.axis().equals(axis.whole()));
    }

    /** Position in the whole tensor of the first element of a run. */
    public long start(long number) {
        long position = first;
        long rest = number;
        for (int i = outer.length - 1; i >= 0; i--) {
            position += (starts[i] + rest % outer[i]) * strides[i];
            rest /= outer[i];
        }
        return position;
    }
}
