package org.einscale.scaling.fit;

/**
 * An objective in coordinates z around a place, {@code theta = place + S z}, in which the columns of slopes are orthonormal there: exponents
 * and coefficients, which rise together, are untied, and steps are alike whatever the units.
 */
final class Rescaled implements Objective {

    /** Keeps coordinates finite along which nothing changes. */
    private static final double RIDGE = 1e-7;
    private static final double LEAST = 1e-12;

    private final Objective objective;
    private final double[] place;
    private final double[][] scale;

    /**
     * @param slopes a column a parameter
     * @param weights of the rows
     */
    Rescaled(Objective objective, double[] place, double[][] slopes, double[] weights) {
        this.objective = objective;
        this.place = place;
        this.scale = invert(cholesky(gram(slopes, weights)));
    }

    private static double[][] gram(double[][] slopes, double[] weights) {
        int n = slopes.length;
        double[][] gram = new double[n][n];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = 0;
                for (int i = 0; i < weights.length; i++) {
                    sum += weights[i] * slopes[j][i] * slopes[k][i];
                }
                gram[j][k] = gram[k][j] = Double.isFinite(sum) ? sum : 0;
            }
        }
        double trace = LEAST;
        for (int j = 0; j < n; j++) {
            trace += gram[j][j];
        }
        for (int j = 0; j < n; j++) {
            gram[j][j] += RIDGE * RIDGE * trace + RIDGE * gram[j][j];
        }
        return gram;
    }

    /** Lower triangle R with R R' = A. */
    private static double[][] cholesky(double[][] a) {
        int n = a.length;
        double[][] r = new double[n][n];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = a[j][k];
                for (int i = 0; i < k; i++) {
                    sum -= r[j][i] * r[k][i];
                }
                r[j][k] = j == k ? Math.sqrt(Math.max(sum, RIDGE * RIDGE * a[j][j])) : sum / r[k][k];
            }
        }
        return r;
    }

    /** Transpose of the inverse of a lower triangle. */
    private static double[][] invert(double[][] r) {
        int n = r.length;
        double[][] inverse = new double[n][n];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = j == k ? 1 : 0;
                for (int i = k; i < j; i++) {
                    sum -= r[j][i] * inverse[k][i];
                }
                inverse[k][j] = sum / r[j][j];
            }
        }
        return inverse;
    }

    /** The parameters at z. */
    double[] theta(double[] z) {
        double[] theta = place.clone();
        for (int j = 0; j < theta.length; j++) {
            theta[j] += Lbfgs.dot(scale[j], z);
        }
        return theta;
    }

    @Override
    public int size() {
        return objective.size();
    }

    @Override
    public double evaluate(double[] z, double[] gradient) {
        double[] inner = new double[gradient.length];
        double value = objective.evaluate(theta(z), inner);
        for (int k = 0; k < gradient.length; k++) {
            double sum = 0;
            for (int j = 0; j < inner.length; j++) {
                sum += scale[j][k] * inner[j];
            }
            gradient[k] = sum;
        }
        return value;
    }
}
