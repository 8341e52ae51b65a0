package org.einscale.scaling.fit;

import java.util.Arrays;
import org.einscale.scaling.law.Tape;

/**
 * Weighted sum over points of {@code Huber_delta(log L(theta) - log L)} (Hoffmann et al. 2022, equation 3 and appendix D.3), delta = 1e-3.
 */
final class HuberObjective implements Objective {

    /** Beyond this log residual the loss grows linearly, so that an outlier does not decide the fit. */
    static final double DELTA = 1e-3;

    private final Tape law;
    private final int size;
    private final double[] logLoss;
    private final double[] weights;

    /**
     * @param law log L at each point, as a function of theta
     * @param size number of parameters
     * @param logLoss measured log loss of each point
     * @param weights how often each point counts
     */
    HuberObjective(Tape law, int size, double[] logLoss, double[] weights) {
        this.law = law;
        this.size = size;
        this.logLoss = logLoss;
        this.weights = weights;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public double evaluate(double[] theta, double[] gradient) {
        double[] predicted = law.evaluate(theta);
        double[] slope = new double[predicted.length];
        double sum = 0;
        for (int i = 0; i < slope.length; i++) {
            double residual = predicted[i] - logLoss[i];
            double distance = Math.abs(residual);
            sum += weights[i]
                    * (distance <= DELTA ? 0.5 * residual * residual : DELTA * (distance - 0.5 * DELTA));
            slope[i] = weights[i] * Math.clamp(residual, -DELTA, DELTA);
        }
        // Exponents so large that a term overflows give NaN; infinity tells the line search to come back.
        if (!Double.isFinite(sum)) {
            Arrays.fill(gradient, 0);
            return Double.POSITIVE_INFINITY;
        }
        double[][] slopes = law.slopes();
        for (int j = 0; j < size; j++) {
            gradient[j] = Lbfgs.dot(slope, slopes[j]);
        }
        return sum;
    }

    /** Sum of Huber losses alone. */
    double value(double[] theta) {
        double[] predicted = law.evaluate(theta);
        double sum = 0;
        for (int i = 0; i < predicted.length; i++) {
            double distance = Math.abs(predicted[i] - logLoss[i]);
            sum += weights[i] * (distance <= DELTA ? 0.5 * distance * distance : DELTA * (distance - 0.5 * DELTA));
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /** How log L at each point changes with each parameter: a column a parameter, not to be modified. */
    double[][] slopes(double[] theta) {
        law.evaluate(theta);
        return law.slopes();
    }

    double[] weights() {
        return weights;
    }
}
