package org.einscale.scaling.fit;

import java.util.Arrays;
import org.einscale.scaling.law.Tape;

/** Weighted least squares of log residuals by the method of Levenberg and Marquardt (Marquardt 1963), some parameters held. */
final class LeastSquares {

    private static final int ITERATIONS = 200;
    private static final double ENOUGH = 1e-11;
    private static final double LEAST_DAMPING = 1e-12;
    private static final double MOST_DAMPING = 1e10;
    private static final double LONGEST = 5;

    private final Tape law;
    private final int size;
    private final double[] logLoss;
    private final double[] weights;

    /** Both arrays are read anew at each search, so that a caller may change them between. */
    LeastSquares(Tape law, int size, double[] logLoss, double[] weights) {
        this.law = law;
        this.size = size;
        this.logLoss = logLoss;
        this.weights = weights;
    }

    /**
     * Where a search ended.
     *
     * @param theta the place
     * @param sum weighted sum of squares there
     */
    record End(double[] theta, double sum) {}

    /** The weighted sum of squares. */
    double sum(double[] theta) {
        double[] predicted = law.evaluate(theta);
        double sum = 0;
        for (int i = 0; i < logLoss.length; i++) {
            double residual = predicted[i] - logLoss[i];
            sum += weights[i] == 0 ? 0 : weights[i] * residual * residual;
        }
        return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : sum;
    }

    /**
     * Minimises from a start, which is not modified.
     *
     * @param held the index of a parameter that keeps its value; -1 for none
     */
    End minimise(double[] start, int held) {
        double[] theta = start;
        double sum = sum(theta);
        double damping = 1e-4;
        for (int i = 0; i < ITERATIONS && damping < MOST_DAMPING; i++) {
            double[][] normal = new double[size][size];
            double[] right = new double[size];
            normal(theta, held, normal, right);
            double[] next = theta;
            double lower = sum;
            while (damping < MOST_DAMPING) {
                double[] step = solve(normal, right, damping, held);
                double longest = Arrays.stream(step).map(Math::abs).max().orElse(0);
                double factor = longest > LONGEST ? LONGEST / longest : 1;
                double[] tried = theta.clone();
                Lbfgs.add(tried, factor, step);
                double there = sum(tried);
                if (there < sum) {
                    next = tried;
                    lower = there;
                    damping = Math.max(damping / 10, LEAST_DAMPING);
                    break;
                }
                damping *= 10;
            }
            boolean done = sum - lower <= ENOUGH * sum;
            theta = next;
            sum = lower;
            if (done) {
                break;
            }
        }
        return new End(theta, sum);
    }

    private void normal(double[] theta, int held, double[][] normal, double[] right) {
        double[] predicted = law.evaluate(theta).clone();
        double[][] slopes = law.slopes();
        for (int j = 0; j < size; j++) {
            if (j == held) {
                continue;
            }
            for (int i = 0; i < logLoss.length; i++) {
                if (weights[i] > 0) {
                    right[j] -= weights[i] * slopes[j][i] * (predicted[i] - logLoss[i]);
                    for (int k = 0; k <= j; k++) {
                        normal[j][k] += weights[i] * slopes[j][i] * slopes[k][i];
                    }
                }
            }
        }
    }

    /** The step of a damped system, whose lower triangle is given. */
    private static double[] solve(double[][] normal, double[] right, double damping, int held) {
        int n = right.length;
        double[][] r = new double[n][n];
        double[] x = new double[n];
        double least = 0;
        for (int j = 0; j < n; j++) {
            least = Math.max(least, 1e-20 * normal[j][j]);
        }
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = j == held || k == held
                        ? j == k ? 1 : 0
                        : normal[j][k] + (j == k ? damping * normal[j][j] + least : 0);
                for (int i = 0; i < k; i++) {
                    sum -= r[j][i] * r[k][i];
                }
                r[j][k] = j == k ? Math.sqrt(Math.max(sum, Double.MIN_NORMAL)) : sum / r[k][k];
            }
        }
        for (int j = 0; j < n; j++) {
            x[j] = j == held ? 0 : right[j];
            for (int k = 0; k < j; k++) {
                x[j] -= r[j][k] * x[k];
            }
            x[j] /= r[j][j];
        }
        for (int j = n - 1; j >= 0; j--) {
            for (int k = j + 1; k < n; k++) {
                x[j] -= r[k][j] * x[k];
            }
            x[j] /= r[j][j];
        }
        return x;
    }
}
