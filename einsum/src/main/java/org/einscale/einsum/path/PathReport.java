package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;

/**
 * What a path does, for reading. Products but the last are intermediates, and so are operands that are summed before any
 * meeting; they live until they meet. Operands and result do not count as memory.
 *
 * @param naiveFlops
 *            of one loop over the whole index space: as many for each point as there are operands
 * @param flops
 *            of the path: two for each point of a meeting's index space, one for each element of an operand summed before
 * @param cost
 *            what finders make small
 * @param largestIntermediate
 *            in elements, 0 if there is none
 * @param peakElements
 *            most elements of intermediates alive at once
 * @param steps
 *            the meetings in order
 */
public record PathReport(double naiveFlops, double flops, PathCost cost, double largestIntermediate,
        double peakElements, List<Step> steps) {

    /**
     * A meeting.
     *
     * @param meeting
     *            by position among the operands left
     * @param first
     *            axes of the first operand
     * @param second
     *            axes of the second
     * @param product
     *            axes of the product
     * @param scaling
     *            all axes of the index space, whose sizes multiply to the work
     * @param flops
     *            two for each point of the index space
     * @param elements
     *            of the product
     * @param liveElements
     *            of all intermediates alive meanwhile
     */
    public record Step(Path.Meeting meeting, Set<Axis> first, Set<Axis> second, Set<Axis> product, Set<Axis> scaling,
            double flops, double elements, double liveElements) {}

    public PathReport {
        steps = List.copyOf(steps);
    }

    /**
     * The report of a path.
     *
     * @throws IllegalArgumentException if the path is not one of the network
     */
    public static PathReport of(Network network, Path path) {
        Graph graph = Graph.of(network);
        PartialPath contraction = PartialPath.along(graph, path);
        Footprint footprint = Footprint.of(contraction, graph);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < path.meetings().size(); i++) {
            Factor first = contraction.factor(contraction.pairs().get(i).first());
            Factor second = contraction.factor(contraction.pairs().get(i).second());
            Factor product = contraction.factor(graph.operandCount() + i);
            steps.add(new Step(path.meetings().get(i), graph.names(first.axes()), graph.names(second.axes()),
                    graph.names(product.axes()), graph.names(first.axes().or(second.axes())),
                    PathCost.flops(graph, first, second), product.elements(), footprint.live().get(i)));
        }
        AxisSet all = AxisSet.none(graph.axisCount());
        for (int i = 0; i < graph.operandCount(); i++) {
            all = all.or(graph.whole(i));
        }
        return new PathReport(graph.operandCount() * graph.volume(all), footprint.flops(), contraction.cost(),
                footprint.largest(), footprint.peak(), steps);
    }

    /** Most axes that one meeting runs over, 0 without meetings. */
    public int mostAxes() {
        return steps.stream().mapToInt(step -> step.scaling().size()).max().orElse(0);
    }

    /** A line for the whole, then one for each meeting. */
    @Override
    public String toString() {
        String head = String.format(Locale.ROOT,
                "%s FLOPs, naively %s; largest intermediate %s, peak %s elements; up to %d axes at once\n",
                number(flops), number(naiveFlops), number(largestIntermediate), number(peakElements), mostAxes());
        List<String> meetings = steps.stream().map(PathReport::equation).toList();
        int width = meetings.stream().mapToInt(String::length).max().orElse(0);
        String lines = steps.stream()
                .map(step -> String.format(Locale.ROOT, "  %-10s  %-" + width + "s  %10s FLOPs  %10s elements  O(%s)\n",
                        step.meeting(), equation(step), number(step.flops()), number(step.elements()),
                        words(step.scaling())))
                .collect(Collectors.joining());
        return head + lines;
    }

    private static String equation(Step step) {
        return words(step.first()) + ", " + words(step.second()) + " -> " + words(step.product());
    }

    private static String words(Set<Axis> axes) {
        return axes.isEmpty() ? "1" : new TreeSet<>(axes).stream().map(Axis::name).collect(Collectors.joining(" "));
    }

    private static String number(double value) {
        return value < 1e6 ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.3g", value);
    }
}
