package org.einscale.scaling;

import java.util.Map;
import java.util.SequencedMap;

/**
 * A fitted scaling law: loss as a function of scale.
 * <p>
 * A new law is a record that implements this interface and a {@link org.einscale.scaling.fit.Form} that tells the fit how the law
 * is put together from powers of the inputs.
 */
public sealed interface Law permits PowerLaw, ChinchillaLaw {

    /**
     * Loss at a scale.
     *
     * @param n non-embedding parameters, positive
     * @param tokens training tokens, positive; laws of N alone ignore it
     * @return loss in nats per token
     */
    double loss(double n, double tokens);

    /** The loss that no scale removes, in nats per token: E. */
    double irreducible();

    /** Name and value of each parameter, in the order in which {@link org.einscale.scaling.fit.Form} makes a law of them. */
    SequencedMap<String, Double> parameters();

    /**
     * Natural logarithm of each coefficient among the {@link #parameters}; it stays finite where the coefficient leaves the range of a
     * double.
     */
    Map<String, Double> logCoefficients();

    /** The law with names in the place of numbers, such as {@code L(N) = E + A N^-alpha}. */
    String formula();

    /** The law with its numbers, such as {@code L(N) = 1.69 + 406.4 N^-0.34}. */
    String equation();
}
