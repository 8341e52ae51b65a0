package org.einscale.scaling;

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

    /** (predicted - measured) / measured: positive where the law is pessimistic. */
    public double relativeError() {
        return (predicted - measured) / measured;
    }
}
