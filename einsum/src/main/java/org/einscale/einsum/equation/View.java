package org.einscale.einsum.equation;

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

    /** Elementary axes in order of first appearance. */
    public List<Axis> distinct() {
        return axes.stream().flatMap(List::stream).map(Part::axis).flatMap(Optional::stream).distinct().toList();
    }

    /** Whether an elementary axis occurs twice. */
    public boolean diagonal() {
        return axes.stream().flatMap(List::stream).filter(part -> part.axis().isPresent()).count() > distinct().size();
    }
}
