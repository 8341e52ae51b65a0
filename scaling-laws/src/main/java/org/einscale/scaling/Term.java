package org.einscale.scaling;

/**
 * One term of a law: {@code C x^-p}. Steep laws and narrow ranges of size give coefficients far beyond the range of a double, though the
 * term itself is small; so log C is kept, and the term is {@code exp(log C - p log x)}.
 *
 * @param logCoefficient natural logarithm of C, where C is in nats per token
 * @param exponent p
 */
public record Term(double logCoefficient, double exponent) {

    /** The term with a positive coefficient C and the exponent p. */
    public static Term of(double coefficient, double exponent) {
        return new Term(Math.log(coefficient), exponent);
    }

    /** C, nats per token; infinite or 0 where no double holds it. */
    public double coefficient() {
        return Math.exp(logCoefficient);
    }

    /** The term at x, in nats per token. */
    double at(double x) {
        return Math.exp(logCoefficient - exponent * Math.log(x));
    }

    /** The term with its numbers, such as {@code 406.4 N^-0.34}. */
    String equation(String x) {
        return Figures.ofLog(logCoefficient) + " " + x + "^" + Figures.of(-exponent);
    }
}
