package org.einscale.scaling.fit;

import java.util.List;
import org.einscale.scaling.law.Tape;

/**
 * The covariance of the parameters as the law keeps them, by their natural logarithms where positive: {@code s^2 (J' J)^-1} with the
 * slopes J of log L and the variance s^2 of log residuals (Seber and Wild 1989, section 5.1). It holds near the fit, where the curve
 * is as good as straight.
 *
 * @param names the parameters
 * @param matrix their covariance, a row a parameter; infinite where the points do not determine it
 * @param condition condition number of J with columns of length 1, its largest over its smallest singular value
 */
public record Covariance(List<String> names, double[][] matrix, double condition) {

    private static final int SWEEPS = 60;
    private static final double NOTHING = 1e-15;

    /** The covariance at a fit. */
    public static Covariance of(Fit fit) {
        List<String> names = fit.form().parameters();
        Tape tape = fit.form().formula().over(fit.points(), names);
        tape.evaluate(fit.theta());
        double[][] slopes = tape.slopes();
        int n = names.size();
        double[] length = new double[n];
        double[][] gram = new double[n][n];
        for (int j = 0; j < n; j++) {
            length[j] = Math.sqrt(Lbfgs.dot(slopes[j], slopes[j]));
        }
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < n; k++) {
                gram[j][k] = length[j] * length[k] == 0
                        ? j == k ? NOTHING : 0
                        : Lbfgs.dot(slopes[j], slopes[k]) / length[j] / length[k];
            }
        }
        double[][] vectors = new double[n][n];
        double[] values = eigen(gram, vectors);
        int freedom = fit.points().size() - n;
        double variance = Lbfgs.dot(fit.residuals(), fit.residuals()) / freedom;
        double[][] matrix = new double[n][n];
        double largest = NOTHING;
        double smallest = Double.POSITIVE_INFINITY;
        for (double value : values) {
            largest = Math.max(largest, value);
            smallest = Math.min(smallest, Math.max(value, NOTHING * largest));
        }
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < n; i++) {
                    matrix[j][k] += variance * vectors[j][i] * vectors[k][i]
                            / Math.max(values[i], NOTHING * largest) / length[j] / length[k];
                }
            }
        }
        return new Covariance(names, matrix, Math.sqrt(largest / smallest));
    }

    /** Eigenvalues of a symmetric matrix, which is modified, by Jacobi's rotations (Golub and Van Loan 2013, section 8.5). */
    private static double[] eigen(double[][] a, double[][] vectors) {
        int n = a.length;
        for (int j = 0; j < n; j++) {
            vectors[j][j] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, vectors, p, q);
                    }
                }
            }
        }
        double[] values = new double[n];
        for (int j = 0; j < n; j++) {
            values[j] = a[j][j];
        }
        return values;
    }

    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        double ratio = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double tan = Math.copySign(1, ratio) / (Math.abs(ratio) + Math.hypot(1, ratio));
        double cos = 1 / Math.hypot(1, tan);
        double sin = tan * cos;
        for (double[] row : a) {
            turn(row, p, q, cos, sin);
        }
        double[] first = a[p];
        double[] second = a[q];
        for (int k = 0; k < first.length; k++) {
            double left = first[k];
            first[k] = cos * left - sin * second[k];
            second[k] = sin * left + cos * second[k];
        }
        for (double[] row : vectors) {
            turn(row, p, q, cos, sin);
        }
    }

    private static void turn(double[] row, int p, int q, double cos, double sin) {
        double left = row[p];
        row[p] = cos * left - sin * row[q];
        row[q] = sin * left + cos * row[q];
    }

    /** Standard error of a parameter as the law keeps it: relative for a positive one. */
    public double standardError(String name) {
        int j = names.indexOf(name);
        return Math.sqrt(matrix[j][j]);
    }

    /** Correlation of two parameters. */
    public double correlation(String left, String right) {
        int j = names.indexOf(left);
        int k = names.indexOf(right);
        return matrix[j][k] / Math.sqrt(matrix[j][j] * matrix[k][k]);
    }
}
