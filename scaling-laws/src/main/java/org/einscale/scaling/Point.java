package org.einscale.scaling;

import java.util.HashMap;
import java.util.Map;

/**
 * One measured loss.
 *
 * @param at the scale: a value for each input that is known, such as {@code n} (parameters) and {@code d} (training tokens)
 * @param loss loss in nats per token
 * @param run what was measured in one and the same run has the same name; empty where each point is a run of its own
 */
public record Point(Map<String, Double> at, double loss, String run) {

    public Point {
        at = Map.copyOf(at);
    }

    /** A point that is a run of its own. */
    public Point(Map<String, Double> at, double loss) {
        this(at, loss, "");
    }

    /** A point for a law of size alone. */
    public Point(double n, double loss) {
        this(Map.of("n", n), loss);
    }

    /** A point of a size and a number of training tokens; NaN where that is unknown. */
    public Point(double n, double tokens, double loss) {
        this(Double.isNaN(tokens) ? Map.of("n", n) : Map.of("n", n, "d", tokens), loss);
    }

    /** The value of an input, NaN where unknown. */
    public double at(String input) {
        return at.getOrDefault(input, Double.NaN);
    }

    /** Parameters, NaN where unknown. */
    public double n() {
        return at("n");
    }

    /** Training tokens, NaN where unknown. */
    public double tokens() {
        return at("d");
    }

    /** The same point with one more input. */
    public Point with(String input, double value) {
        var more = new HashMap<>(at);
        more.put(input, value);
        return new Point(more, loss, run);
    }
}
