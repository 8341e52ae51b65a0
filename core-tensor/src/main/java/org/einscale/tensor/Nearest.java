package org.einscale.tensor;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be, for error messages. */
public final class Nearest {
    private Nearest() {
    }

    /**
     * The known name with the smallest Damerau-Levenshtein distance from what was found, when that distance is at most a
     * third of the longer name (at least 1). Among equals the first in iteration order. Upper and lower case count as
     * equal. What was found is never its own suggestion.
     */
    public static Optional<String> to(String found, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(found.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            int limit = Math.max(1, Math.max(found.length(), candidate.length()) / 3);
            boolean related = distance < Math.max(found.length(), candidate.length());
            if (!candidate.equals(found) && distance <= limit && related && distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
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
