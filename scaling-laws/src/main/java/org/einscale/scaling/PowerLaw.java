package org.einscale.scaling;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * Loss against size alone: {@code L(N) = E + A N^-alpha} (Kaplan et al. 2020 with E = 0; Henighan et al. 2020 and Hoffmann et al.
 * 2022 with E).
 *
 * @param irreducible E, nats per token, at least 0
 * @param coefficient A, nats per token, positive
 * @param exponent alpha
 */
public record PowerLaw(double irreducible, double coefficient, double exponent) implements Law {

    /** Loss in nats per token of a model with {@code n} non-embedding parameters. */
    public double loss(double n) {
        return irreducible + coefficient * Math.pow(n, -exponent);
    }

    @Override
    public double loss(double n, double tokens) {
        return loss(n);
    }

    @Override
    public SequencedMap<String, Double> parameters() {
        var parameters = new LinkedHashMap<String, Double>();
        parameters.put("E", irreducible);
        parameters.put("A", coefficient);
        parameters.put("alpha", exponent);
        return parameters;
    }

    @Override
    public String formula() {
        return "L(N) = E + A N^-alpha";
    }

    @Override
    public String equation() {
        return String.format(Locale.ROOT, "L(N) = %s + %s N^-%s", Figures.of(irreducible), Figures.of(coefficient),
                Figures.of(exponent));
    }
}
