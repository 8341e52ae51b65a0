package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.tensor.Axis;

/**
 * The size of an array's axis: a number, times the sizes of axes that are known only when a graph runs.
 *
 * @param known
 *            the number
 * @param open
 *            these axes; none in an array
 */
record Extent(long known, List<Axis> open) {

    static final Extent ONE = new Extent(1, List.of());

    Extent {
        open = List.copyOf(open);
    }

    Extent times(Extent other) {
        List<Axis> both = new ArrayList<>(open);
        both.addAll(other.open);
        return new Extent(known * other.known, both);
    }

    static Extent product(Stream<Extent> extents) {
        return extents.reduce(ONE, Extent::times);
    }

    boolean isKnown() {
        return open.isEmpty();
    }

    /** Like {@code 64}, {@code b} or {@code 64 b}. */
    @Override
    public String toString() {
        String axes = open.stream().map(Axis::name).collect(Collectors.joining(" "));
        return open.isEmpty() ? Long.toString(known) : known == 1 ? axes : known + " " + axes;
    }
}
