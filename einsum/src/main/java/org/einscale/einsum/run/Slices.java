package org.einscale.einsum.run;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * Runs of a plan for one combination of values of the sliced axes after the other.
 *
 * @param rounds
 *            sizes of the sliced axes, the first one outermost
 * @param slots
 *            of the arrays in the caller's memory
 * @param moves
 *            for each sliced axis, bytes from one of its values to the next in each of these
 */
record Slices(int[] rounds, int[] slots, long[][] moves) {

    /**
     * @param axes
     *            the sliced ones, with their whole sizes
     * @param strides
     *            of each array in the caller's memory, along its elementary axes
     */
    static Slices of(Map<Axis, Integer> axes, Plan plan, Map<Value, long[]> strides) {
        List<Map.Entry<Value, long[]>> arrays = List.copyOf(strides.entrySet());
        long[][] moves = axes.keySet().stream().map(axis -> arrays.stream().mapToLong(array -> {
            int at = array.getKey().axes().indexOf(axis);
            return at < 0 ? 0 : array.getValue()[at] * plan.precision().bytes();
        }).toArray()).toArray(long[][]::new);
        return new Slices(axes.values().stream().mapToInt(size -> size).toArray(),
                arrays.stream().mapToInt(array -> plan.slot(array.getKey())).toArray(), moves);
    }

    /** @param results to which slices add */
    void run(Session session, List<PartialResults> results) {
        run(session, results, 0);
        results.forEach(PartialResults::finish);
    }

    private void run(Session session, List<PartialResults> results, int depth) {
        if (depth == rounds.length) {
            session.run();
            results.forEach(PartialResults::added);
            return;
        }
        for (int i = 0; i < rounds[depth]; i++) {
            run(session, results, depth + 1);
            move(session, depth, 1);
        }
        move(session, depth, -rounds[depth]);
    }

    /**
     * Runs, as many as may follow one another, in which no element of a result is added to more than
     * {@value PartialResults#MOST_ADDED} times; empty if that holds for all of them.
     *
     * @param kept
     *            whether the result has the sliced axis, for each
     */
    OptionalLong interval(boolean[] kept) {
        long runs = 1;
        long added = 1;
        for (int depth = rounds.length - 1; depth >= 0; depth--) {
            if (!kept[depth] && added * rounds[depth] > PartialResults.MOST_ADDED) {
                return OptionalLong.of(runs * (PartialResults.MOST_ADDED / added));
            }
            runs *= rounds[depth];
            added *= kept[depth] ? 1 : rounds[depth];
        }
        return OptionalLong.empty();
    }

    private void move(Session session, int depth, int rounds) {
        for (int i = 0; i < slots.length; i++) {
            session.bind(slots[i], session.bound(slots[i]) + rounds * moves[depth][i]);
        }
    }
}
