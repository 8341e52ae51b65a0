package org.einscale.einsum.path.finder;

import java.util.Arrays;
import org.einscale.einsum.path.AxisSet;
import org.einscale.einsum.path.Factor;
import org.einscale.einsum.path.Graph;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PartialPath;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathCost;
import org.einscale.einsum.path.PathFinder;

/**
 * The cheapest of all paths by {@link PathCost#total}, outer products included. What a set of operands makes, and what it
 * costs at best, does not depend on the rest of the path; so the search goes depth first over the ways to part a set in two,
 * remembers the best of each set, and leaves a set as soon as it cannot stay within what the best path so far allows (branch
 * and bound over partitions: DeHaan and Tompa 2007, "Optimal top-down join enumeration").
 */
public final class Optimal implements PathFinder {
    /** Every operand more triples the work; this many take about a second. */
    public static final int LARGEST = 15;
    /** Slack for sums of the same terms in another order. */
    private static final double ROUNDING = 1e-9;

    @Override
    public Path find(Network network) {
        int operands = network.operands().size();
        if (operands > LARGEST) {
            throw new IllegalArgumentException("an optimal path is searched for up to " + LARGEST + " operands, found "
                    + operands + ": use 'auto' or 'dp'");
        }
        Graph graph = Graph.of(network);
        Search search = new Search(graph);
        search.best(search.all, Greedy.run(graph, growth -> growth).cost().total() * (1 + ROUNDING));
        PartialPath contraction = new PartialPath(graph);
        search.meet(search.all, contraction);
        return contraction.path();
    }

    /** Sets of operands are the bits of an int. */
    private static final class Search {
        private final Graph graph;
        private final int all;
        private final Factor[] products;
        /** Cost of the best way to make a set once found; no way costs less. */
        private final double[] atLeast;
        private final boolean[] known;
        /** One side of the best way. */
        private final int[] side;

        Search(Graph graph) {
            this.graph = graph;
            all = (1 << graph.operandCount()) - 1;
            products = products(graph);
            atLeast = new double[all + 1];
            known = new boolean[all + 1];
            side = new int[all + 1];
            for (int i = 0; i < graph.operandCount(); i++) {
                known[1 << i] = true;
            }
        }

        private static Factor[] products(Graph graph) {
            int sets = 1 << graph.operandCount();
            AxisSet[] union = new AxisSet[sets];
            Arrays.fill(union, AxisSet.none(graph.axisCount()));
            for (int set = 1; set < sets; set++) {
                int lowest = Integer.numberOfTrailingZeros(set);
                union[set] = union[set & (set - 1)].or(graph.operand(lowest).axes());
            }
            Factor[] products = new Factor[sets];
            for (int set = 0; set < sets; set++) {
                products[set] = Integer.bitCount(set) == 1
                        ? graph.operand(Integer.numberOfTrailingZeros(set))
                        : graph.product(union[set].and(union[sets - 1 - set].or(graph.output())));
            }
            return products;
        }

        /** The least cost of making a set if that is within the budget, otherwise infinity. */
        double best(int set, double budget) {
            if (known[set] || atLeast[set] > budget) {
                return atLeast[set] <= budget ? atLeast[set] : Double.POSITIVE_INFINITY;
            }
            double least = Double.POSITIVE_INFINITY;
            int lowest = set & -set;
            int rest = set ^ lowest;
            for (int part = (rest - 1) & rest;; part = (part - 1) & rest) {
                double cost = cost(part | lowest, rest ^ part, Math.min(budget, least));
                if (cost < least) {
                    least = cost;
                    side[set] = part | lowest;
                }
                if (part == 0 || least <= atLeast[set]) {
                    break;
                }
            }
            known[set] = least <= budget;
            atLeast[set] = known[set] ? least : Math.max(atLeast[set], Math.nextUp(budget));
            return least;
        }

        /** The least cost of making both sides and letting them meet if that is within the budget, otherwise infinity. */
        private double cost(int one, int other, double budget) {
            Factor product = products[one | other];
            double rest = budget - atLeast[one] - atLeast[other];
            if (PathCost.atLeast(graph, products[one], products[other], product) > rest) {
                return Double.POSITIVE_INFINITY;
            }
            double meeting = PathCost.of(graph, products[one], products[other], product).total();
            if (meeting > rest) {
                return Double.POSITIVE_INFINITY;
            }
            double made = best(one, budget - meeting - atLeast[other]);
            return made + meeting + (made <= budget ? best(other, budget - meeting - made) : 0);
        }

        /** Lets a set meet as found and returns the id of its product. */
        int meet(int set, PartialPath contraction) {
            if ((set & (set - 1)) == 0) {
                return Integer.numberOfTrailingZeros(set);
            }
            return contraction.meet(meet(side[set], contraction), meet(set ^ side[set], contraction));
        }
    }
}
