package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.tensor.Axis;

/** A network with its axes numbered in order of appearance, so that sets of axes are bits and sizes an array. */
public final class Graph {
    /** Larger volumes count as this, so that sums and differences of costs stay finite. */
    private static final double LARGEST = 1e280;

    private final List<Axis> axes;
    private final double[] sizes;
    private final boolean someAxisIsEmpty;
    private final AxisSet output;
    private final List<Factor> operands;
    private final List<AxisSet> whole;

    private Graph(List<Axis> axes, double[] sizes, AxisSet output, List<AxisSet> whole, List<Factor> operands) {
        this.axes = axes;
        this.sizes = sizes;
        someAxisIsEmpty = containsZero(sizes);
        this.output = output;
        this.whole = whole;
        this.operands = operands;
    }

    private static boolean containsZero(double[] sizes) {
        for (double size : sizes) {
            if (size == 0) {
                return true;
            }
        }
        return false;
    }

    public static Graph of(Network network) {
        Map<Axis, Integer> numbers = new LinkedHashMap<>();
        Set<Axis> needed = new HashSet<>(network.output());
        for (Set<Axis> operand : network.operands()) {
            for (Axis axis : operand) {
                if (numbers.putIfAbsent(axis, numbers.size()) != null) {
                    needed.add(axis);
                }
            }
        }
        List<Axis> axes = List.copyOf(numbers.keySet());
        double[] sizes = new double[axes.size()];
        AxisSet output = AxisSet.none(axes.size());
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = network.sizes().of(axes.get(i));
            output = network.output().contains(axes.get(i)) ? output.with(i) : output;
        }
        Graph graph = new Graph(axes, sizes, output, new ArrayList<>(), new ArrayList<>());
        for (Set<Axis> operand : network.operands()) {
            graph.add(operand, needed, numbers);
        }
        return graph;
    }

    private void add(Set<Axis> operand, Set<Axis> needed, Map<Axis, Integer> numbers) {
        AxisSet all = AxisSet.none(axes.size());
        AxisSet kept = all;
        List<Integer> storage = new ArrayList<>();
        for (Axis axis : operand) {
            int number = numbers.getOrDefault(axis, 0);
            all = all.with(number);
            kept = needed.contains(axis) ? kept.with(number) : kept;
            if (sizes[number] > 1) {
                storage.add(number);
            }
        }
        whole.add(all);
        operands.add(new Factor(kept, volume(kept), kept.equals(all) ? List.copyOf(storage) : List.of()));
    }

    /** What is left for one value of an axis, its number kept. */
    Graph sliced(int axis) {
        double[] smaller = sizes.clone();
        smaller[axis] = 1;
        AxisSet gone = AxisSet.none(sizes.length).with(axis);
        Graph graph = new Graph(axes, smaller, output.without(gone), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < operands.size(); i++) {
            AxisSet kept = operands.get(i).axes().without(gone);
            graph.whole.add(whole.get(i).without(gone));
            graph.operands.add(new Factor(kept, graph.volume(kept),
                    operands.get(i).storage().stream().filter(other -> other != axis).toList()));
        }
        return graph;
    }

    public int operandCount() {
        return operands.size();
    }

    public Factor operand(int position) {
        return operands.get(position);
    }

    /** Axes of an operand before those that nothing else needs are summed. */
    AxisSet whole(int position) {
        return whole.get(position);
    }

    boolean summedFirst(int position) {
        return !whole.get(position).equals(operands.get(position).axes());
    }

    public int axisCount() {
        return axes.size();
    }

    double size(int axis) {
        return sizes[axis];
    }

    /** Then a meeting may have fewer points than a side of it has elements. */
    boolean someAxisIsEmpty() {
        return someAxisIsEmpty;
    }

    public AxisSet output() {
        return output;
    }

    public Factor product(AxisSet of) {
        return new Factor(of, volume(of), List.of());
    }

    double volume(AxisSet of) {
        return volume(of, of);
    }

    /** Points of the index space that both sets span. */
    double volume(AxisSet first, AxisSet second) {
        return first.volume(second, sizes, LARGEST);
    }

    Axis axis(int number) {
        return axes.get(number);
    }

    Set<Axis> names(AxisSet of) {
        Set<Axis> names = new LinkedHashSet<>();
        for (int axis : of.numbers()) {
            names.add(axes.get(axis));
        }
        return names;
    }
}
