package org.einscale.einsum.path.finder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.einscale.einsum.path.AxisSet;
import org.einscale.einsum.path.Factor;
import org.einscale.einsum.path.Graph;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PartialPath;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathCost;
import org.einscale.einsum.path.PathFinder;

/**
 * The cheapest by {@link PathCost#total} of the paths on which only factors with an axis in common meet: the best way to
 * make each connected set of operands from two smaller ones. Parts of the network that share no axis are made apart and
 * meet at the end, smallest first. A chain of 60 operands is as easy as 11 operands that all share axes.
 */
public final class DynamicProgramming implements PathFinder {
    /** Sets of operands and pairs of sets that a search may look at: about a second. */
    public static final long LARGEST = 2_000_000;

    /** The best way to make a set of operands; {@code one} is a side of it, 0 for a single operand. */
    private record Way(Factor product, double cost, long one) {}

    @Override
    public Path find(Network network) {
        return find(network, LARGEST).orElseThrow(() -> new IllegalArgumentException(
                "dynamic programming over " + network.operands().size() + " operands needs more than " + LARGEST
                        + " sets and pairs of them, or more than " + Long.SIZE
                        + " operands are connected: use 'auto', 'random-greedy' or 'greedy'"));
    }

    /** The path, if looking at so many sets and pairs of sets finds it. */
    Optional<Path> find(Network network, long work) {
        PartialPath contraction = new PartialPath(Graph.of(network));
        long left = work;
        for (List<Integer> component : components(contraction)) {
            if (component.size() > Long.SIZE) {
                return Optional.empty();
            }
            Search search = new Search(contraction.graph(), component, left);
            left = search.run();
            if (left < 0) {
                return Optional.empty();
            }
            search.meet(search.all, contraction);
        }
        contraction.meetBySize();
        return Optional.of(contraction.path());
    }

    /** Operands in sets that share no axis with one another. */
    private static List<List<Integer>> components(PartialPath contraction) {
        List<Integer> rest = new ArrayList<>(contraction.alive());
        List<List<Integer>> components = new ArrayList<>();
        while (!rest.isEmpty()) {
            List<Integer> component = new ArrayList<>(List.of(rest.removeFirst()));
            for (int i = 0; i < component.size(); i++) {
                for (Iterator<Integer> others = rest.iterator(); others.hasNext();) {
                    int other = others.next();
                    if (contraction.meets(component.get(i), other)) {
                        component.add(other);
                        others.remove();
                    }
                }
            }
            components.add(component);
        }
        return components;
    }

    /** Sets of operands of one component are the bits of a long. */
    private static final class Search {
        private final Graph graph;
        private final List<Integer> operands;
        private final long all;
        private final ConnectedPairs pairs;
        private final Map<Long, Way> ways = new HashMap<>();

        Search(Graph graph, List<Integer> operands, long work) {
            this.graph = graph;
            this.operands = operands;
            all = -1L >>> (Long.SIZE - operands.size());
            long[] neighbours = new long[operands.size()];
            for (int i = 0; i < neighbours.length; i++) {
                ways.put(1L << i, new Way(operand(i), 0, 0));
                for (int j = 0; j < neighbours.length; j++) {
                    neighbours[i] |= i != j && operand(i).axes().meets(operand(j).axes()) ? 1L << j : 0;
                }
            }
            pairs = new ConnectedPairs(neighbours, this::consider, work);
        }

        private Factor operand(int member) {
            return graph.operand(operands.get(member));
        }

        /** Finds the best ways and returns what is left of the work, negative if it did not suffice. */
        long run() {
            return pairs.enumerate();
        }

        private void consider(long one, long other) {
            Way first = way(one);
            Way second = way(other);
            Way known = ways.get(one | other);
            Factor product = known == null ? product(first, second, one | other) : known.product();
            double budget = known == null ? Double.POSITIVE_INFINITY : known.cost();
            double sides = first.cost() + second.cost();
            if (sides + PathCost.atLeast(graph, first.product(), second.product(), product) > budget) {
                return;
            }
            double cost = sides + PathCost.of(graph, first.product(), second.product(), product).total();
            if (cost < budget) {
                ways.put(one | other, new Way(product, cost, one));
            }
        }

        private Way way(long set) {
            Way way = ways.get(set);
            if (way == null) {
                throw new IllegalStateException("no way to make connected set " + Long.toBinaryString(set));
            }
            return way;
        }

        private Factor product(Way first, Way second, long set) {
            AxisSet needed = graph.output();
            for (long rest = all & ~set; rest != 0; rest &= rest - 1) {
                needed = needed.or(operand(Long.numberOfTrailingZeros(rest)).axes());
            }
            return graph.product(first.product().axes().or(second.product().axes()).and(needed));
        }

        /** Lets a set meet as found and returns the id of its product. */
        int meet(long set, PartialPath contraction) {
            long one = way(set).one();
            return one == 0
                    ? operands.get(Long.numberOfTrailingZeros(set))
                    : contraction.meet(meet(one, contraction), meet(set ^ one, contraction));
        }
    }
}
