package org.einscale.scaling.fit;

/** A differentiable function to be minimised. */
interface Objective {

    /** Number of variables. */
    int size();

    /**
     * Value and gradient at a place.
     *
     * @param x the place, not modified
     * @param gradient receives the gradient, modified
     */
    double evaluate(double[] x, double[] gradient);
}
