package org.einscale.bench;

import java.util.Map;

/**
 * What was measured within a few seconds, everyone in turn.
 *
 * @param millis mean milliseconds a step by implementation
 * @param sgemm GFLOP/s of a large product
 */
record Round(Map<Implementation, Double> millis, double sgemm) {
    Round {
        millis = Map.copyOf(millis);
    }
}
