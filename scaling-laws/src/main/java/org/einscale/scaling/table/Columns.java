package org.einscale.scaling.table;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the columns of a table are.
 *
 * @param inputs the column of each input that has one, such as {@code n}
 * @param needed inputs that a point must have; n, d and c follow from one another by C = 6 N D
 * @param loss the column of losses
 * @param where which rows are read; all where empty
 * @param holdOut which of them are held out
 * @param run the column that names the run of a row
 */
public record Columns(Map<String, String> inputs, Set<String> needed, String loss, Optional<Where> where,
        Optional<Where> holdOut, Optional<String> run) {

    public Columns {
        inputs = Map.copyOf(inputs);
        needed = Set.copyOf(needed);
    }

    /** Sizes and losses alone. */
    public static Columns of(String n, String loss) {
        return new Columns(Map.of("n", n), Set.of("n"), loss, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, with the column that names the run of a row. */
    public Columns ofRuns(String column) {
        return new Columns(inputs, needed, loss, where, holdOut, Optional.of(column));
    }

    /** Whether an input is one of n, d and c, of which the other two are given. */
    boolean derivable(String input) {
        var others = Set.of("n", "d", "c");
        return others.contains(input)
                && others.stream().filter(other -> !other.equals(input)).allMatch(inputs::containsKey);
    }
}
