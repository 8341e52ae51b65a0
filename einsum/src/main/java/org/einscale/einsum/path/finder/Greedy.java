package org.einscale.einsum.path.finder;

import java.util.List;
import java.util.PriorityQueue;
import java.util.function.DoubleUnaryOperator;
import org.einscale.einsum.path.Graph;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PartialPath;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathFinder;

/**
 * At every turn the meeting of two factors with an axis in common whose product grows least over the two together; then
 * outer products of what is left, smallest first. Thousands of operands are no trouble: a heap holds the candidates, and
 * each new product adds those with its neighbours (the greedy search of Smith and Gray 2018, "opt_einsum").
 */
public final class Greedy implements PathFinder {

    private record Candidate(double rank, int first, int second) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byRank = Double.compare(rank, other.rank);
            int byFirst = Integer.compare(first, other.first);
            return byRank != 0 ? byRank : byFirst != 0 ? byFirst : Integer.compare(second, other.second);
        }
    }

    @Override
    public Path find(Network network) {
        return run(Graph.of(network), growth -> growth).path();
    }

    /** The whole search, with candidates taken by ascending rank of their growth in elements. */
    static PartialPath run(Graph graph, DoubleUnaryOperator rank) {
        PartialPath contraction = new PartialPath(graph);
        PriorityQueue<Candidate> candidates = new PriorityQueue<>();
        boolean[] gone = new boolean[2 * graph.operandCount()];
        for (int second = 1; second < graph.operandCount(); second++) {
            add(candidates, contraction, contraction.alive().subList(0, second), second, rank);
        }
        while (!candidates.isEmpty()) {
            Candidate next = candidates.remove();
            if (!gone[next.first()] && !gone[next.second()]) {
                gone[next.first()] = true;
                gone[next.second()] = true;
                int product = contraction.meet(next.first(), next.second());
                List<Integer> left = contraction.alive();
                add(candidates, contraction, left.subList(0, left.size() - 1), product, rank);
            }
        }
        contraction.meetBySize();
        return contraction;
    }

    private static void add(PriorityQueue<Candidate> candidates, PartialPath contraction, List<Integer> others, int id,
            DoubleUnaryOperator rank) {
        for (int other : others) {
            if (contraction.meets(other, id)) {
                candidates.add(new Candidate(rank.applyAsDouble(growth(contraction, other, id)), other, id));
            }
        }
    }

    /** Elements of the product beyond those of the two factors. */
    static double growth(PartialPath contraction, int first, int second) {
        return contraction.product(first, second).elements() - contraction.factor(first).elements()
                - contraction.factor(second).elements();
    }
}
