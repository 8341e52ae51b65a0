package org.einscale.einsum.path;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.einscale.einsum.path.Path.Meeting;

/** Every path of a small network, tried one by one. */
final class AllPaths {
    private final Network whole;
    private final Predicate<Network> allowed;
    private double least = Double.POSITIVE_INFINITY;

    private AllPaths(Network whole, Predicate<Network> allowed) {
        this.whole = whole;
        this.allowed = allowed;
    }

    /** The total cost of the cheapest of all paths. */
    static double least(Network network) {
        return least(network, _ -> true);
    }

    /** Of those on which two operands that share no axis meet only when no two do. */
    static double leastWithoutOuterProducts(Network network) {
        return least(network, AllPaths::shareAnAxis);
    }

    private static double least(Network network, Predicate<Network> allowed) {
        AllPaths paths = new AllPaths(network, allowed);
        paths.extend(network, List.of());
        return paths.least;
    }

    private void extend(Network left, List<Meeting> before) {
        int operands = left.operands().size();
        if (operands == 1) {
            least = Math.min(least, Networks.total(whole, new Path(before)));
        }
        for (int second = 1; second < operands; second++) {
            for (int first = 0; first < second; first++) {
                Network pair = new Network(List.of(left.operands().get(first), left.operands().get(second)),
                        left.output(), left.sizes());
                if (allowed.test(pair) || noneIsAllowed(left)) {
                    List<Meeting> path = new ArrayList<>(before);
                    path.add(new Meeting(first, second));
                    extend(left.meet(new Meeting(first, second)), path);
                }
            }
        }
    }

    private boolean noneIsAllowed(Network left) {
        for (int second = 1; second < left.operands().size(); second++) {
            for (int first = 0; first < second; first++) {
                if (allowed.test(new Network(List.of(left.operands().get(first), left.operands().get(second)),
                        left.output(), left.sizes()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean shareAnAxis(Network pair) {
        return pair.operands().getFirst().stream().anyMatch(pair.operands().getLast()::contains);
    }
}
