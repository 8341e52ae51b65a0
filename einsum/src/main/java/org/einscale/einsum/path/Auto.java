package org.einscale.einsum.path;

import java.util.Optional;

/**
 * The best path that some tens of milliseconds find: optimal for up to ten operands, by dynamic programming where the
 * network is sparse enough for it, otherwise the cheapest of as many greedy searches with randomness as the time allows, and
 * of branch and bound too for some tens of operands.
 */
public final class Auto implements PathFinder {
    private static final int OPTIMAL = 10;
    /** Sets and pairs of sets: enough for a chain of as many operands as a search takes, and for rings of some fifty. */
    private static final long DYNAMIC_WORK = 100_000;
    private static final int BRANCH = 60;
    private static final Branch BRANCHES = new Branch(3, 60_000);
    /** Pairs of operands that all tries together may have, and the most tries. */
    private static final long RANDOM_WORK = 200_000;
    private static final long TRIES = 128;
    private static final double TEMPERATURE = 0.5;

    @Override
    public Path find(Network network) {
        int operands = network.operands().size();
        if (operands <= OPTIMAL) {
            return new Optimal().find(network);
        }
        Optional<Path> connected = new DynamicProgramming().find(network, DYNAMIC_WORK);
        return connected.orElseGet(() -> heuristic(network));
    }

    private static Path heuristic(Network network) {
        long operands = network.operands().size();
        int tries = (int) Math.clamp(RANDOM_WORK / (operands * operands), 1, TRIES);
        Path random = new RandomGreedy(tries, TEMPERATURE, 0).find(network);
        if (operands > BRANCH) {
            return random;
        }
        Path branch = BRANCHES.find(network);
        return PathCost.of(network, branch).total() < PathCost.of(network, random).total() ? branch : random;
    }
}
