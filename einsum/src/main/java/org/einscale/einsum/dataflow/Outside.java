package org.einscale.einsum.dataflow;

import java.util.Map;
import java.util.Set;
import org.einscale.einsum.program.Value;

/**
 * Inputs and outputs of a plan that stay in the caller's memory: a session reads and writes them there, at addresses that may
 * be others in every run.
 *
 * @param strides
 *            elements from one position to the next along each axis of such a value, by its axes; an output's elements must
 *            not overlap
 * @param constants
 *            inputs among them whose content is the same in every run of a session
 * @param sums
 *            outputs among them to which a run adds, instead of overwriting them
 */
public record Outside(Map<Value, long[]> strides, Set<Value> constants, Set<Value> sums) {
    /** Everything is in the session's own memory. */
    public static final Outside NOTHING = new Outside(Map.of(), Set.of(), Set.of());

    public Outside {
        strides = Map.copyOf(strides);
        constants = Set.copyOf(constants);
        sums = Set.copyOf(sums);
    }
}
