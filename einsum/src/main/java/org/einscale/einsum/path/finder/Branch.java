package org.einscale.einsum.path.finder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.einscale.einsum.path.Factor;
import org.einscale.einsum.path.Graph;
import org.einscale.einsum.path.Network;
import org.einscale.einsum.path.PartialPath;
import org.einscale.einsum.path.Path;
import org.einscale.einsum.path.PathCost;
import org.einscale.einsum.path.PathFinder;
import org.jspecify.annotations.Nullable;

/**
 * At every turn tries the few meetings that promise most, depth first, and gives up what already costs more by
 * {@link PathCost#total} than the best path so far (the branch and bound of Smith and Gray 2018, "opt_einsum"). A meeting
 * promises the more the less its product grows; outer products are tried where no two factors share an axis. The first
 * path tried is a greedy one.
 *
 * @param width
 *            number of meetings tried at every turn, 1 or more
 * @param work
 *            number of meetings looked at after which the best path so far is taken
 */
public record Branch(int width, long work) implements PathFinder {

    /** @throws IllegalArgumentException if no meeting is tried */
    public Branch {
        if (width < 1) {
            throw new IllegalArgumentException("branch search of width " + width + ": expected 1 or more");
        }
    }

    /** Width 3, for some tenths of a second. */
    public Branch() {
        this(3, 300_000);
    }

    @Override
    public Path find(Network network) {
        return new Search().best(new PartialPath(Graph.of(network))).path();
    }

    private record Candidate(int first, int second, double growth) {}

    private final class Search {
        private @Nullable PartialPath best;
        private long looked;

        PartialPath best(PartialPath start) {
            descend(start);
            return best == null ? start : best;
        }

        private void descend(PartialPath from) {
            if (from.alive().size() == 1) {
                best = from;
                return;
            }
            for (Candidate next : promising(from)) {
                if (best == null || (looked < work && costs(from, next) < best.cost().total())) {
                    PartialPath branch = new PartialPath(from);
                    branch.meet(next.first(), next.second());
                    descend(branch);
                }
            }
        }

        private static double costs(PartialPath from, Candidate next) {
            Factor product = from.product(next.first(), next.second());
            return from.cost().total() + from.costOf(next.first(), next.second(), product).total();
        }

        private List<Candidate> promising(PartialPath from) {
            List<Candidate> candidates = candidates(from, false);
            candidates = candidates.isEmpty() ? candidates(from, true) : candidates;
            candidates.sort(Comparator.comparingDouble(Candidate::growth));
            return candidates.subList(0, Math.min(width, candidates.size()));
        }

        private List<Candidate> candidates(PartialPath from, boolean outer) {
            List<Candidate> candidates = new ArrayList<>();
            List<Integer> ids = from.alive();
            for (int j = 1; j < ids.size(); j++) {
                for (int i = 0; i < j; i++) {
                    if (outer || from.meets(ids.get(i), ids.get(j))) {
                        double growth = Greedy.growth(from, ids.get(i), ids.get(j));
                        candidates.add(new Candidate(ids.get(i), ids.get(j), growth));
                    }
                }
            }
            looked += candidates.size();
            return candidates;
        }
    }
}
