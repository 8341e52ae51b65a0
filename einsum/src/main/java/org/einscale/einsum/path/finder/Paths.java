package org.einscale.einsum.path.finder;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.einscale.einsum.path.PathFinder;
import org.einscale.tensor.Nearest;

/** The path finders by name. */
public final class Paths {
    private static final Map<String, PathFinder> FINDERS = Map.of("auto", new Auto(), "greedy", new Greedy(), "optimal",
            new Optimal(), "dp", new DynamicProgramming(), "branch", new Branch(), "random-greedy", new RandomGreedy());

    private Paths() {
    }

    /** All names, sorted: auto, branch, dp, greedy, optimal, random-greedy. */
    public static Set<String> names() {
        return new TreeMap<>(FINDERS).keySet();
    }

    /**
     * The path finder of a name.
     *
     * @throws IllegalArgumentException if there is none, naming the nearest
     */
    public static PathFinder byName(String name) {
        PathFinder finder = FINDERS.get(name);
        if (finder == null) {
            throw new IllegalArgumentException("path finder '" + name + "' is unknown; known: "
                    + String.join(", ", names())
                    + Nearest.to(name, names()).map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
        return finder;
    }
}
