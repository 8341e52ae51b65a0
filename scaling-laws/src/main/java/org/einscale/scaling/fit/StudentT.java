package org.einscale.scaling.fit;

/** Student's distribution of t for whole degrees of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
final class StudentT {

    private static final double ACCURATE = 1e-12;

    private StudentT() {
    }

    /** Probability that |t| is at most a value. */
    static double within(double t, int freedom) {
        double angle = Math.atan(t / Math.sqrt(freedom));
        double cos = Math.cos(angle);
        boolean odd = freedom % 2 == 1;
        double term = odd ? cos : 1;
        double sum = freedom == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
            term *= cos * cos * (k - 1) / k;
            sum += term;
        }
        return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }

    /** The value that |t| does not exceed with a probability in (0, 1). */
    static double quantile(double probability, int freedom) {
        double low = 0;
        double high = 1;
        while (within(high, freedom) < probability) {
            high *= 2;
        }
        while (high - low > ACCURATE * high) {
            double middle = (low + high) / 2;
            if (within(middle, freedom) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
