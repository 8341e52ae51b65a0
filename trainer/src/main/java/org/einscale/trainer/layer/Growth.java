package org.einscale.trainer.layer;

/**
 * How many times more a parameter reads and writes than in the base of a {@link Parametrization.MaximalUpdate}. A hidden matrix
 * grows on both sides; what maps to numbers that stay as many, such as a head or a router, in the first alone; embeddings,
 * gains and biases in the second alone.
 *
 * @param in ratio of fan-ins: of the elements that an output sums over
 * @param out ratio of fan-outs: of the outputs that an element of the input adds to
 */
public record Growth(double in, double out) {
    /** That of every parameter in the standard parametrization. */
    public static final Growth NONE = new Growth(1, 1);

    /** From a parameter of the base to the same of a model. */
    static Growth between(Fan base, Fan model) {
        return new Growth((double) model.in() / base.in(), (double) model.out() / base.out());
    }

    /**
     * What the standard deviation of the base is multiplied by. It is to go as {@code min(1, sqrt(out / in)) / sqrt(in)}: table 3
     * of Yang et al. 2022, for any growth as in Yang, Simon and Bernstein 2023 ("A Spectral Condition for Feature Learning").
     */
    double start() {
        return Math.min(1, Math.sqrt(out / in)) / Math.sqrt(in);
    }
}
