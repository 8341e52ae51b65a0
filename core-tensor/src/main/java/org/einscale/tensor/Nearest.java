package org.einscale.tensor;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the name that a mistyped one was probably meant to be, for error messages. */
public final class Nearest {
    private Nearest() {
    }

    /**
     * The known name with the smallest Damerau-Levenshtein distance from what was found, when that distance is at most a
     * third of the longer name (at least 1), not counting sections that both begin with, as the {@code a.} of {@code a.b}.
     * Among equals the first in iteration order. Upper and lower case count as equal. What was found is never its own
     * suggestion.
     */
    public static Optional<String> to(String found, Collection<String> known) {
        return to(found, known, _ -> true);
    }

    /**
     * The same among the names that would do in the place of what was found, as advice that leads to the next error is worse
     * than none.
     *
     * @param works
     *            tries a name; asked of near ones alone, the nearest first, until one works
     */
    public static Optional<String> to(String found, Collection<String> known, Predicate<String> works) {
        return known.stream().filter(candidate -> isNear(found, candidate))
                .sorted(Comparator.comparingInt(candidate -> distanceInAnyCase(found, candidate))).filter(works)
                .findFirst();
    }

    private static boolean isNear(String found, String candidate) {
        int longer = Math.max(found.length(), candidate.length()) - sections(found, candidate);
        int distance = distanceInAnyCase(found, candidate);
        return !candidate.equals(found) && distance <= Math.max(1, longer / 3) && distance < longer;
    }

    /** Length of the sections that both names begin with: 4 for {@code a.b.left} and {@code a.b.right}. */
    private static int sections(String found, String candidate) {
        int shared = 0;
        int last = found.length() - 1;
        for (int dot = found.indexOf('.'); dot >= 0 && dot < last; dot = found.indexOf('.', dot + 1)) {
            shared = candidate.startsWith(found.substring(0, dot + 1)) ? dot + 1 : shared;
        }
        return shared;
    }

    private static int distanceInAnyCase(String found, String candidate) {
        return distance(found.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
    }

    /** Least number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : least(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int least(int[][] cost, String from, String to, int i, int j) {
        boolean same = from.charAt(i - 1) == to.charAt(j - 1);
        int edit = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped = i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(edit, cost[i - 2][j - 2] + 1) : edit;
    }
}
