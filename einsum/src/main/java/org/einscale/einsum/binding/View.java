package org.einscale.einsum.binding;

import java.util.List;
import java.util.Optional;
import org.einscale.tensor.Axis;

/**
 * How an array is made of elementary axes.
 *
 * @param axes
 *            for each axis of the array the parts that it is composed of, outermost first, at least one; an elementary axis
 *            that occurs twice is read, or written, along the diagonal
 */
public record View(List<List<Part>> axes) {
    public View {
        axes = axes.stream().map(List::copyOf).toList();
    }

    /** Sizes of the array's axes. */
    public long[] shape() {
        return axes.stream().mapToLong(View::size).toArray();
    }

    private static long size(List<Part> parts) {
        long size = 1;
        for (Part part : parts) {
            size = Math.multiplyExact(size, part.size());
        }
        return size;
    }

    /** Strides of a row-major array of this shape, in elements. */
    public long[] rowMajor() {
        long[] shape = shape();
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /**
     * Strides of the {@link #distinct} elementary axes.
     *
     * @param array
     *            strides of the array's axes
     * @return one for each elementary axis; that of a diagonal is the sum of those of its axes
     */
    public long[] strides(long[] array) {
        List<Axis> distinct = distinct();
        long[] strides = new long[distinct.size()];
        for (int i = 0; i < axes.size(); i++) {
            long stride = array[i];
            for (Part part : axes.get(i).reversed()) {
                if (part.axis().isPresent()) {
                    strides[distinct.indexOf(part.axis().get())] += stride;
                }
                stride *= part.size();
            }
        }
        return strides;
    }

    /** Elementary axes in order of first appearance. */
    public List<Axis> distinct() {
        return axes.stream().flatMap(List::stream).map(Part::axis).flatMap(Optional::stream).distinct().toList();
    }

    /** Whether an elementary axis occurs twice. */
    public boolean diagonal() {
        return axes.stream().flatMap(List::stream).filter(part -> part.axis().isPresent()).count() > distinct().size();
    }
}
