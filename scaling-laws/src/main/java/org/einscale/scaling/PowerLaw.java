package org.einscale.scaling;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Loss against size alone: {@code L(N) = E + A N^-alpha} (Kaplan et al. 2020 with E = 0; Henighan et al. 2020 and Hoffmann et al.
 * 2022 with E).
 *
 * @param irreducible E, nats per token, at least 0
 * @param size A N^-alpha
 */
public record PowerLaw(double irreducible, Term size) implements Law {

    /**
     * The law with these numbers.
     *
     * @param irreducible E, nats per token, at least 0
     * @param coefficient A, nats per token, positive
     * @param exponent alpha
     */
    public PowerLaw(double irreducible, double coefficient, double exponent) {
        this(irreducible, Term.of(coefficient, exponent));
    }

    /** A, nats per token; infinite or 0 where no double holds it. */
    public double coefficient() {
        return size.coefficient();
    }

    /** alpha. */
    public double exponent() {
        return size.exponent();
    }

    /** Loss in nats per token of a model with {@code n} non-embedding parameters. */
    public double loss(double n) {
        return irreducible + size.at(n);
    }

    @Override
    public double loss(double n, double tokens) {
        return loss(n);
    }

    @Override
    public SequencedMap<String, Double> parameters() {
        var parameters = new LinkedHashMap<String, Double>();
        parameters.put("E", irreducible);
        parameters.put("A", coefficient());
        parameters.put("alpha", exponent());
        return parameters;
    }

    @Override
    public Map<String, Double> logCoefficients() {
        return Map.of("A", size.logCoefficient());
    }

    @Override
    public String formula() {
        return "L(N) = E + A N^-alpha";
    }

    @Override
    public String equation() {
        return "L(N) = " + Figures.of(irreducible) + " + " + size.equation("N");
    }
}
