package org.einscale.scaling;

import java.util.Locale;

/**
 * What a law fitted without the largest size says about it, beside what was measured.
 *
 * @param n non-embedding parameters of the held-out size
 * @param tokens its training tokens, NaN where unknown
 * @param predicted loss by the fitted law, nats per token
 * @param interval where one new measurement is expected: it covers the law's uncertainty and the scatter of a single run
 * @param measured measured loss, nats per token; the mean where that size was measured more than once
 */
public record Prediction(double n, double tokens, double predicted, Interval interval, double measured) {

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
