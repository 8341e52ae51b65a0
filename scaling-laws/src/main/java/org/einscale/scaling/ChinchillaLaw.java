package org.einscale.scaling;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Loss against size and training tokens: {@code L(N, D) = E + A N^-alpha + B D^-beta} (Hoffmann et al. 2022, approach 3).
 *
 * @param irreducible E, nats per token, at least 0
 * @param size A N^-alpha
 * @param tokens B D^-beta
 */
public record ChinchillaLaw(double irreducible, Term size, Term tokens) implements Law {

    /**
     * The law with these numbers.
     *
     * @param irreducible E, nats per token, at least 0
     * @param sizeCoefficient A, nats per token, positive
     * @param sizeExponent alpha
     * @param tokenCoefficient B, nats per token, positive
     * @param tokenExponent beta
     */
    public ChinchillaLaw(double irreducible, double sizeCoefficient, double sizeExponent, double tokenCoefficient,
            double tokenExponent) {
        this(irreducible, Term.of(sizeCoefficient, sizeExponent), Term.of(tokenCoefficient, tokenExponent));
    }

    /** A, nats per token; infinite or 0 where no double holds it. */
    public double sizeCoefficient() {
        return size.coefficient();
    }

    /** alpha. */
    public double sizeExponent() {
        return size.exponent();
    }

    /** B, nats per token; infinite or 0 where no double holds it. */
    public double tokenCoefficient() {
        return tokens.coefficient();
    }

    /** beta. */
    public double tokenExponent() {
        return tokens.exponent();
    }

    @Override
    public double loss(double n, double tokens) {
        return irreducible + size.at(n) + this.tokens.at(tokens);
    }

    @Override
    public SequencedMap<String, Double> parameters() {
        var parameters = new LinkedHashMap<String, Double>();
        parameters.put("E", irreducible);
        parameters.put("A", sizeCoefficient());
        parameters.put("alpha", sizeExponent());
        parameters.put("B", tokenCoefficient());
        parameters.put("beta", tokenExponent());
        return parameters;
    }

    @Override
    public Map<String, Double> logCoefficients() {
        return Map.of("A", size.logCoefficient(), "B", tokens.logCoefficient());
    }

    @Override
    public String formula() {
        return "L(N, D) = E + A N^-alpha + B D^-beta";
    }

    @Override
    public String equation() {
        return "L(N, D) = " + Figures.of(irreducible) + " + " + size.equation("N") + " + " + tokens.equation("D");
    }
}
