package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.tensor.Axis;

/**
 * A contraction done in slices so that its intermediates fit in memory. Some axes run over their values one by one; for each
 * combination of values the smaller contraction without those axes is done along one path. Where the output lacks a sliced
 * axis the results add up, where it has it they are parts of the result. Operands and result do not count as memory.
 *
 * @param axes
 *            the sliced ones, in the order in which they were chosen; none if the peak is small enough without
 * @param slices
 *            product of their sizes
 * @param network
 *            of one slice
 * @param path
 *            of one slice
 * @param flops
 *            of all slices
 * @param peakElements
 *            most elements of intermediates alive at once
 */
public record Slicing(List<Axis> axes, double slices, Network network, Path path, double flops, double peakElements) {

    public Slicing {
        axes = List.copyOf(axes);
    }

    /**
     * Slices until no more than so many elements of intermediates are alive at once, always along the axis that adds the
     * fewest FLOPs for each element by which the meetings exceed the cap, and looks for a new path after each choice.
     *
     * @param finder
     *            of paths; {@code _ -> path} keeps to one
     * @throws IllegalArgumentException if no slicing suffices, naming the least peak
     */
    public static Slicing under(Network network, PathFinder finder, long peakElements) {
        Slicing current = none(network, finder);
        while (current.peakElements > peakElements) {
            double least = current.peakElements;
            current = current.further(finder, peakElements).orElseThrow(
                    () -> new IllegalArgumentException("peak of " + peakElements
                            + " elements of intermediates cannot be reached by slicing: the least is "
                            + Math.round(least)));
        }
        return current;
    }

    /** All in one slice. */
    public static Slicing none(Network network, PathFinder finder) {
        return of(network, finder.find(network), List.of(), 1);
    }

    /**
     * Slices along one axis more: the one that is best to bring the peak under the cap or, where that does not depend on any
     * single axis, the longest. Empty if all are sliced.
     */
    public Optional<Slicing> further(PathFinder finder, double peakElements) {
        double cap = Math.min(peakElements, this.peakElements - 1);
        return next(cap).or(this::longest).map(axis -> sliced(axis, finder, cap));
    }

    private Optional<Axis> longest() {
        return network.operands().stream().flatMap(Set::stream).distinct()
                .filter(axis -> network.sizes().of(axis) > 1)
                .max(Comparator.comparingInt(axis -> network.sizes().of(axis)));
    }

    private static Slicing of(Network network, Path path, List<Axis> axes, double slices) {
        Graph graph = Graph.of(network);
        Footprint footprint = Footprint.of(PartialPath.along(graph, path), graph);
        return new Slicing(axes, slices, network, path, slices * footprint.flops(), footprint.peak());
    }

    private record Choice(int axis, double flopsPerElement, double excess) {}

    /** The axis to slice along next, empty if none makes what is beyond the cap smaller. */
    private Optional<Axis> next(double cap) {
        Graph graph = Graph.of(network);
        PartialPath contraction = PartialPath.along(graph, path);
        Footprint whole = Footprint.of(contraction, graph);
        List<Choice> choices = new ArrayList<>();
        for (int axis = 0; axis < graph.axisCount(); axis++) {
            Footprint slice = Footprint.of(contraction, graph.sliced(axis));
            double excess = slice.excess(cap);
            if (graph.size(axis) > 1 && excess < whole.excess(cap)) {
                double added = graph.size(axis) * slice.flops() - whole.flops();
                choices.add(new Choice(axis, added / (whole.excess(cap) - excess), excess));
            }
        }
        return choices.stream()
                .min(Comparator.comparingDouble(Choice::flopsPerElement).thenComparingDouble(Choice::excess)
                        .thenComparingDouble(choice -> graph.size(choice.axis())).thenComparingInt(Choice::axis))
                .map(choice -> graph.axis(choice.axis()));
    }

    /** Along the same path or a new one for the smaller network, whichever is cheaper for what it takes off the excess. */
    private Slicing sliced(Axis axis, PathFinder finder, double cap) {
        List<Axis> more = new ArrayList<>(axes);
        more.add(axis);
        Network smaller = network.without(axis);
        double parts = slices * network.sizes().of(axis);
        Slicing same = of(smaller, path, more, parts);
        Slicing found = of(smaller, finder.find(smaller), more, parts);
        boolean fits = found.peakElements <= Math.max(cap, same.peakElements);
        return fits && found.flops < same.flops ? found : same;
    }
}
