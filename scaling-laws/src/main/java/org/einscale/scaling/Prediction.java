package org.einscale.scaling;

import java.util.Locale;
import java.util.Map;

/**
 * What a law fitted without a scale says about it, beside what was measured.
 *
 * @param at the scale: a value for each input
 * @param predicted loss by the fitted law, nats per token
 * @param interval where one new measurement is expected: it covers the law's uncertainty and the scatter of a single run
 * @param measured measured loss, nats per token; the mean where that scale was measured more than once
 */
public record Prediction(Map<String, Double> at, double predicted, Interval interval, double measured) {

    /** Parameters, NaN where unknown. */
    public double n() {
        return at.getOrDefault("n", Double.NaN);
    }

    /** The relative error in percent, such as {@code +0.99%}. */
    public String errorText() {
        // The sum turns a negative zero into zero.
        double percent = Math.round(1e4 * relativeError()) / 1e2 + 0.0;
        return Math.abs(percent) < 1e6 ? String.format(Locale.ROOT, "%+.2f%%", percent) : Figures.of(percent) + "%";
    }

    /** (predicted - measured) / measured: positive where the law is pessimistic. */
    public double relativeError() {
        return (predicted - measured) / measured;
    }
}
