package org.einscale.einsum.path.finder;

import java.util.function.DoubleUnaryOperator;
import org.einscale.einsum.path.Graph;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PartialPath;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathCost;
import org.einscale.einsum.path.PathFinder;
import org.einscale.tensor.random.Philox;

/**
 * The cheapest of several greedy searches by {@link PathCost#total}: the first as it is, the others with each candidate
 * chosen at random, more likely the less its product grows. Ranks are the logarithms of growths with Gumbel noise, so that
 * a choice is a draw from a Boltzmann distribution (Gray and Kourtis 2021, "Hyper-optimized tensor network contraction").
 *
 * @param tries
 *            number of searches, 1 or more
 * @param temperature
 *            each try draws its own up to this one; 0 for no randomness, at 1 a factor e of growth makes a candidate e times less likely
 * @param seed
 *            equal seeds give equal paths
 */
public record RandomGreedy(int tries, double temperature, long seed) implements PathFinder {

    /** @throws IllegalArgumentException if there is no try or the temperature is negative */
    public RandomGreedy {
        if (tries < 1 || !(temperature >= 0)) {
            throw new IllegalArgumentException("random greedy search with " + tries + " tries at temperature "
                    + temperature + ": expected at least 1 try and a temperature of 0 or more");
        }
    }

    /** 32 tries at temperatures up to 0.5. */
    public RandomGreedy() {
        this(32, 0.5, 0);
    }

    @Override
    public Path find(Network network) {
        Graph graph = Graph.of(network);
        PartialPath best = Greedy.run(graph, growth -> growth);
        for (int i = 1; i < tries; i++) {
            PartialPath other = Greedy.run(graph, noise(Philox.of(seed, "path " + i)));
            best = other.cost().total() < best.cost().total() ? other : best;
        }
        return best.path();
    }

    private DoubleUnaryOperator noise(Philox random) {
        double own = temperature * random.uniform(0);
        long[] draws = {0};
        return growth -> {
            double uniform = random.uniform(++draws[0]) + 0x1p-33;
            return Math.signum(growth) * Math.log1p(Math.abs(growth)) + own * Math.log(-Math.log(uniform));
        };
    }
}
