package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.einscale.einsum.path.Path.FactorPair;

/**
 * A contraction under way. Factors have ids: operands their positions, products the numbers after those in the order in
 * which they were made.
 */
public final class PartialPath {

    private final Graph graph;
    private final List<Factor> factors;
    private final List<FactorPair> pairs;
    private final TreeSet<Integer> alive;
    /** How many live factors have an axis. */
    private final int[] holders;
    /** Axes of exactly two live factors that the output lacks: a meeting of those two sums them away. */
    private AxisSet closing;
    private PathCost cost;

    public PartialPath(Graph graph) {
        this.graph = graph;
        factors = new ArrayList<>();
        pairs = new ArrayList<>();
        alive = new TreeSet<>();
        holders = new int[graph.axisCount()];
        cost = PathCost.NOTHING;
        for (int i = 0; i < graph.operandCount(); i++) {
            factors.add(graph.operand(i));
            alive.add(i);
            for (int axis : graph.operand(i).axes().numbers()) {
                holders[axis]++;
            }
        }
        closing = AxisSet.none(holders.length);
        for (int i = 0; i < holders.length; i++) {
            closing = holders[i] == 2 && !graph.output().has(i) ? closing.with(i) : closing;
        }
    }

    /** A copy that goes its own way. */
    public PartialPath(PartialPath other) {
        graph = other.graph;
        factors = new ArrayList<>(other.factors);
        pairs = new ArrayList<>(other.pairs);
        alive = new TreeSet<>(other.alive);
        holders = other.holders.clone();
        closing = other.closing;
        cost = other.cost;
    }

    /** The whole contraction along a path. */
    public static PartialPath along(Graph graph, Path path) {
        path.check(graph.operandCount());
        PartialPath contraction = new PartialPath(graph);
        path.pairs().forEach(pair -> contraction.meet(pair.first(), pair.second()));
        return contraction;
    }

    /** What two live factors would make. */
    public Factor product(int first, int second) {
        AxisSet a = factors.get(first).axes();
        AxisSet b = factors.get(second).axes();
        return graph.product(a.or(b).without(a.and(b).and(closing)));
    }

    public PathCost costOf(int first, int second, Factor product) {
        return PathCost.of(graph, factors.get(first), factors.get(second), product);
    }

    /** Lets two live factors meet and returns the id of their product. */
    public int meet(int first, int second) {
        Factor product = product(first, second);
        cost = cost.plus(costOf(first, second, product));
        for (int axis : factors.get(first).axes().and(factors.get(second).axes()).numbers()) {
            holders[axis]--;
            if (holders[axis] == 2 && !graph.output().has(axis)) {
                closing = closing.with(axis);
            }
        }
        alive.remove(first);
        alive.remove(second);
        pairs.add(new FactorPair(first, second));
        factors.add(product);
        alive.add(factors.size() - 1);
        return factors.size() - 1;
    }

    /** Lets all live factors meet, always the two smallest; cheap only where no two share an axis. */
    public void meetBySize() {
        PriorityQueue<Integer> queue = new PriorityQueue<>((one, other) -> {
            int bySize = Double.compare(factors.get(one).elements(), factors.get(other).elements());
            return bySize != 0 ? bySize : Integer.compare(one, other);
        });
        queue.addAll(alive);
        while (queue.size() > 1) {
            queue.add(meet(queue.remove(), queue.remove()));
        }
    }

    public boolean meets(int first, int second) {
        return factors.get(first).axes().meets(factors.get(second).axes());
    }

    /** Ids of the factors that are left, ascending. */
    public List<Integer> alive() {
        return List.copyOf(alive);
    }

    public Factor factor(int id) {
        return factors.get(id);
    }

    public Graph graph() {
        return graph;
    }

    /** Of the meetings so far. */
    public PathCost cost() {
        return cost;
    }

    List<FactorPair> pairs() {
        return pairs;
    }

    /** The meetings of a finished contraction, in the order that needs the least memory at once. */
    public Path path() {
        return LeastPeak.order(this);
    }
}
