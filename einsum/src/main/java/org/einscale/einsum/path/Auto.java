package org.einscale.einsum.path;

import java.util.Optional;

/**
 * The best path that some tens of milliseconds find: optimal for up to ten operands, by dynamic programming where the
 * network is sparse enough for it, otherwise the cheapest that greedy searches with some randomness find, and for few operands
 * branch and bound too; plainly greedy for many hundreds.
 */
public final class Auto implements PathFinder {
    private static final int OPTIMAL = 10;
    private static final long DYNAMIC_WORK = 100_000;
    private static final int BRANCH = 20;
    private static final int RANDOM = 400;

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
        int operands = network.operands().size();
        if (operands > RANDOM) {
            return new Greedy().find(network);
        }
        Path random = new RandomGreedy().find(network);
        if (operands > BRANCH) {
            return random;
        }
        Path branch = new Branch().find(network);
        return PathCost.of(network, branch).total() < PathCost.of(network, random).total() ? branch : random;
    }
}
