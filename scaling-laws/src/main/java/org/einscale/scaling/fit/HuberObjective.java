package org.einscale.scaling.fit;

import java.util.Arrays;
import java.util.List;
import org.einscale.scaling.Law;
import org.einscale.scaling.Point;

/**
 * Sum over points of {@code Huber_delta(log-sum-exp(e, a_1 - p_1 log x_1, ...) - log L)} with e = log E and a_k = log C_k
 * (Hoffmann et al. 2022, equation 3 and appendix D.3).
 * <p>
 * The variables are {@code theta = [e, a_1, log q_1, a_2, log q_2, ...]}; the logarithms keep E, the coefficients and the exponents
 * positive. Each log x_k is taken relative to its mean over the points and in units of half its range, which unties a_k from the
 * exponent and makes the problem alike for sizes that are decades or percents apart: q_k is the fall of log(C_k x_k^-p_k) over half
 * the range. {@link #law} translates.
 */
final class HuberObjective implements Objective {

    /** Beyond this log residual the loss grows linearly, so that an outlier does not decide the fit. */
    static final double DELTA = 1e-3;

    /** E = 0 lies at minus infinity; below a millionth of the smallest loss (e^-14) E counts as 0. */
    private static final double ZERO = 14;

    private final double[] centre;
    private final double[] halfRange;
    private final double[][] logInput;
    private final double[] logLoss;

    private HuberObjective(double[] centre, double[] halfRange, double[][] logInput, double[] logLoss) {
        this.centre = centre;
        this.halfRange = halfRange;
        this.logInput = logInput;
        this.logLoss = logLoss;
    }

    static HuberObjective of(Form<?> form, List<Point> points) {
        int inputs = form.inputs().size();
        double[] centre = new double[inputs];
        double[] halfRange = new double[inputs];
        double[][] logInput = new double[inputs][];
        for (int k = 0; k < inputs; k++) {
            double[] logs = points.stream().mapToDouble(form.inputs().get(k).of()).map(Math::log).toArray();
            var range = Arrays.stream(logs).summaryStatistics();
            double middle = centre[k] = range.getAverage();
            double half = halfRange[k] = (range.getMax() - range.getMin()) / 2;
            logInput[k] = Arrays.stream(logs).map(log -> (log - middle) / half).toArray();
        }
        return new HuberObjective(centre, halfRange, logInput,
                points.stream().mapToDouble(p -> Math.log(p.loss())).toArray());
    }

    /** The same inputs with other losses, given as logarithms. */
    HuberObjective withLogLoss(double[] other) {
        return new HuberObjective(centre, halfRange, logInput, other);
    }

    /** The points with these indices, repetitions included; theta keeps its meaning. */
    HuberObjective select(int[] indices) {
        double[][] inputs = Arrays.stream(logInput).map(values -> pick(values, indices)).toArray(double[][]::new);
        return new HuberObjective(centre, halfRange, inputs, pick(logLoss, indices));
    }

    private static double[] pick(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }

    int points() {
        return logLoss.length;
    }

    double logLoss(int point) {
        return logLoss[point];
    }

    /** Number of inputs x_k. */
    int inputs() {
        return centre.length;
    }

    @Override
    public int size() {
        return 1 + 2 * centre.length;
    }

    @Override
    public double evaluate(double[] theta, double[] gradient) {
        Arrays.fill(gradient, 0);
        double[] weights = new double[1 + centre.length];
        double sum = 0;
        for (int i = 0; i < logLoss.length; i++) {
            double residual = predict(theta, i, weights) - logLoss[i];
            double size = Math.abs(residual);
            sum += size <= DELTA ? 0.5 * residual * residual : DELTA * (size - 0.5 * DELTA);
            double slope = Math.clamp(residual, -DELTA, DELTA);
            gradient[0] += slope * weights[0];
            for (int k = 0; k < centre.length; k++) {
                gradient[1 + 2 * k] += slope * weights[1 + k];
                gradient[2 + 2 * k] -= slope * weights[1 + k] * logInput[k][i] * fall(theta, k);
            }
        }
        // Exponents so large that a term overflows give NaN; infinity tells the line search to come back.
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /** q_k: how much the logarithm of a term falls over half the range of its input. */
    static double fall(double[] theta, int k) {
        return Math.exp(theta[2 + 2 * k]);
    }

    /** log L by the law at a point; the weights become each term's share of L. */
    private double predict(double[] theta, int point, double[] weights) {
        double largest = weights[0] = theta[0];
        for (int k = 0; k < centre.length; k++) {
            weights[1 + k] = theta[1 + 2 * k] - fall(theta, k) * logInput[k][point];
            largest = Math.max(largest, weights[1 + k]);
        }
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = Math.exp(weights[j] - largest);
            sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
        return largest + Math.log(sum);
    }

    /** log L by the law at each point. */
    double[] predict(double[] theta) {
        double[] weights = new double[1 + centre.length];
        double[] predicted = new double[logLoss.length];
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = predict(theta, i, weights);
        }
        return predicted;
    }

    /**
     * How log L at each point changes with E in units of the mean loss, with a_k and with q_k: a column each, a number a point. E and
     * q_k are not taken by their logarithms here, so that their columns do not vanish where they are 0.
     */
    double[][] slopes(double[] theta) {
        double[][] columns = new double[size()][points()];
        double[] weights = new double[1 + centre.length];
        double mean = meanLogLoss();
        for (int i = 0; i < points(); i++) {
            columns[0][i] = Math.exp(mean - predict(theta, i, weights));
            for (int k = 0; k < centre.length; k++) {
                columns[1 + 2 * k][i] = weights[1 + k];
                columns[2 + 2 * k][i] = -weights[1 + k] * logInput[k][i];
            }
        }
        return columns;
    }

    /** log x_k of each point, about its mean and in units of half its range. */
    double[] input(int k) {
        return logInput[k];
    }

    /** Half the range of log x_k over the points: q_k is the exponent times it. */
    double halfRange(int k) {
        return halfRange[k];
    }

    /** The law at theta. */
    <L extends Law> L law(Form<L> form, double[] theta) {
        double[] values = theta.clone();
        values[0] = theta[0] < smallestLogLoss() - ZERO ? 0 : Math.exp(theta[0]);
        for (int k = 0; k < centre.length; k++) {
            double exponent = fall(theta, k) / halfRange[k];
            values[1 + 2 * k] = theta[1 + 2 * k] + exponent * centre[k];
            values[2 + 2 * k] = exponent;
        }
        return form.law().apply(values);
    }

    double smallestLogLoss() {
        return Arrays.stream(logLoss).min().orElse(0);
    }

    double largestLogLoss() {
        return Arrays.stream(logLoss).max().orElse(0);
    }

    double meanLogLoss() {
        return Arrays.stream(logLoss).average().orElse(0);
    }
}
