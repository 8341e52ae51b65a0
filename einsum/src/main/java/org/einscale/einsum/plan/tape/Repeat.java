package org.einscale.einsum.plan.tape;

import java.util.Map;

/**
 * How often steps are run in a row, and how far buffers move from one time to the next, so that the same steps go along an
 * axis that their tensors have in common.
 *
 * @param bytes
 *            by buffer number
 */
public record Repeat(long times, Map<Integer, Long> bytes) {

    public Repeat {
        bytes = Map.copyOf(bytes);
    }

    /** One step that runs others so. */
    Step of(Step[] steps) {
        int[] buffers = bytes.keySet().stream().mapToInt(i -> i).sorted().toArray();
        long[] moves = new long[buffers.length];
        for (int i = 0; i < buffers.length; i++) {
            moves[i] = bytes.getOrDefault(buffers[i], 0L);
        }
        return base -> {
            for (long time = 0; time < times; time++) {
                for (Step step : steps) {
                    step.run(base);
                }
                move(base, buffers, moves, 1);
            }
            move(base, buffers, moves, -times);
        };
    }

    private static void move(long[] base, int[] buffers, long[] moves, long times) {
        for (int i = 0; i < buffers.length; i++) {
            base[buffers[i]] += times * moves[i];
        }
    }
}
