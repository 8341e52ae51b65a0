package org.einscale.scaling;

/**
 * One measured loss.
 *
 * @param n non-embedding parameters
 * @param tokens training tokens; NaN where unknown, which only a law that uses tokens minds
 * @param loss loss in nats per token
 */
public record Point(double n, double tokens, double loss) {

    /** A point for a law of size alone. */
    public Point(double n, double loss) {
        this(n, Double.NaN, loss);
    }
}
