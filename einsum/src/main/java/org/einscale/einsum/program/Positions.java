package org.einscale.einsum.program;

import java.util.List;
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

    /** Positions of a tensor with these axes. */
    public static Positions of(List<Axis> axes, Sizes sizes) {
        int rank = axes.size();
        long[] strides = new long[rank];
        long whole = 1;
        int inner = rank;
        for (int i = rank - 1; i >= 0; i--) {
            strides[i] = whole;
            whole *= sizes.of(axes.get(i).whole());
            if (inner == rank && !axes.get(i).over().isEmpty()) {
                inner = i;
            }
        }
        int split = inner == rank ? 0 : inner;
        int[] outer = axes.subList(0, split).stream().mapToInt(sizes::of).toArray();
        int[] starts = axes.subList(0, split).stream().mapToInt(sizes::start).toArray();
        long first = inner == rank ? 0 : sizes.start(axes.get(split)) * strides[split];
        long runs = sizes.volume(axes.subList(0, split));
        return new Positions(sizes.volume(axes.subList(split, rank)), runs, whole, outer, starts, strides, first);
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
