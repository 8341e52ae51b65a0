package org.einscale.scaling.law;

/** Least squares with coefficients of at least 0, for a handful of columns: the best of all sets of columns, each tried. */
final class NonNegative {

    private NonNegative() {
    }

    /**
     * The coefficients that bring a combination of columns nearest to a target.
     *
     * @param columns columns, a number a row, not modified
     * @param target a number a row, not modified
     */
    static double[] solve(double[][] columns, double[] target) {
        int n = columns.length;
        double[][] normal = new double[n][n];
        double[] right = new double[n];
        for (int j = 0; j < n; j++) {
            right[j] = dot(columns[j], target);
            for (int k = 0; k <= j; k++) {
                normal[j][k] = normal[k][j] = dot(columns[j], columns[k]);
            }
        }
        double[] best = new double[n];
        double least = 0;
        for (int set = 1; set < 1 << n; set++) {
            double[] solution = solve(normal, right, set);
            double gain = 0;
            boolean allowed = true;
            for (int j = 0; j < n; j++) {
                gain -= solution[j] * right[j];
                allowed &= solution[j] >= 0;
            }
            if (allowed && gain < least) {
                least = gain;
                best = solution;
            }
        }
        return best;
    }

    /** Gaussian elimination on the rows and columns of a set, which are those of a positive definite matrix; 0 elsewhere. */
    private static double[] solve(double[][] normal, double[] right, int set) {
        int n = right.length;
        double[][] a = new double[n][];
        double[] x = new double[n];
        for (int j = 0; j < n; j++) {
            a[j] = normal[j].clone();
            x[j] = (set >> j & 1) == 1 ? right[j] : 0;
        }
        for (int j = 0; j < n; j++) {
            for (int k = j + 1; k < n && (set >> j & 1) == 1; k++) {
                if ((set >> k & 1) == 1) {
                    double factor = a[k][j] / a[j][j];
                    x[k] -= factor * x[j];
                    for (int i = j; i < n; i++) {
                        a[k][i] -= factor * a[j][i];
                    }
                }
            }
        }
        for (int j = n - 1; j >= 0; j--) {
            if ((set >> j & 1) == 1) {
                for (int k = j + 1; k < n; k++) {
                    x[j] -= a[j][k] * x[k];
                }
                x[j] /= a[j][j];
            }
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
