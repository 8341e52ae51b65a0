package org.einscale.scaling;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Loss against size and training tokens: {@code L(N, D) = E + A N^-alpha + B D^-beta} (Hoffmann et al. 2022, approach 3).
 *
 * @param irreducible E, nats per token, at least 0
 * @param sizeCoefficient A, nats per token, positive
 * @param sizeExponent alpha
 * @param tokenCoefficient B, nats per token, positive
 * @param tokenExponent beta
 */
public record ChinchillaLaw(double irreducible, double sizeCoefficient, double sizeExponent, double tokenCoefficient,
        double tokenExponent) implements Law {

    @Override
    public double loss(double n, double tokens) {
        return irreducible + sizeCoefficient * Math.pow(n, -sizeExponent)
                + tokenCoefficient * Math.pow(tokens, -tokenExponent);
    }

    @Override
    public SequencedMap<String, Double> parameters() {
        var parameters = new LinkedHashMap<String, Double>();
        parameters.put("E", irreducible);
        parameters.put("A", sizeCoefficient);
        parameters.put("alpha", sizeExponent);
        parameters.put("B", tokenCoefficient);
        parameters.put("beta", tokenExponent);
        return parameters;
    }

    @Override
    public String formula() {
        return "L(N, D) = E + A N^-alpha + B D^-beta";
    }

    @Override
    public String equation() {
        return String.format(Locale.ROOT, "L(N, D) = %s + %s N^-%s + %s D^-%s", Figures.of(irreducible),
                Figures.of(sizeCoefficient),
                Figures.of(sizeExponent), Figures.of(tokenCoefficient), Figures.of(tokenExponent));
    }
}
