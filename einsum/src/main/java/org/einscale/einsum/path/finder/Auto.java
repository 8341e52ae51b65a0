package org.einscale.einsum.path.finder;

import java.util.Optional;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathCost;
import org.einscale.einsum.path.PathFinder;

/**
 * The best path that a search finds which is short beside the work it may save: some tens of milliseconds, and up to eight
 * times as much where the greedy path would run for longer. Optimal for up to ten operands, by dynamic programming where the
 * network is sparse enough for it, otherwise the cheapest of as many greedy searches with randomness as that effort allows,
 * and of branch and bound too for some tens of operands.
 */
public final class Auto implements PathFinder {
    private static final int OPTIMAL = 10;
    /** {@link PathCost#total} of a path that runs for some ten milliseconds. */
    private static final double COST_OF_ONE_EFFORT = 1e9;
    private static final double MOST_EFFORT = 8;
    /** Sets and pairs of sets: enough for a chain of as many operands as a search takes, and for rings of some fifty. */
    private static final double DYNAMIC_WORK = 100_000;
    private static final int BRANCH = 60;
    private static final int BRANCH_WIDTH = 3;
    private static final double BRANCH_WORK = 60_000;
    /** Pairs of operands that all tries together may have, and the most tries. */
    private static final double RANDOM_WORK = 200_000;
    private static final double TRIES = 256;
    private static final double TEMPERATURE = 0.5;

    @Override
    public Path find(Network network) {
        if (network.operands().size() <= OPTIMAL) {
            return new Optimal().find(network);
        }
        double greedy = PathCost.of(network, new Greedy().find(network)).total();
        double effort = Math.clamp(greedy / COST_OF_ONE_EFFORT, 1, MOST_EFFORT);
        Optional<Path> connected = new DynamicProgramming().find(network, (long) (DYNAMIC_WORK * effort));
        return connected.orElseGet(() -> heuristic(network, effort));
    }

    private static Path heuristic(Network network, double effort) {
        double operands = network.operands().size();
        int tries = (int) Math.clamp(RANDOM_WORK * effort / (operands * operands), 1, TRIES);
        Path random = new RandomGreedy(tries, TEMPERATURE, 0).find(network);
        if (operands > BRANCH) {
            return random;
        }
        Path branch = new Branch(BRANCH_WIDTH, (long) (BRANCH_WORK * effort)).find(network);
        return PathCost.of(network, branch).total() < PathCost.of(network, random).total() ? branch : random;
    }
}
