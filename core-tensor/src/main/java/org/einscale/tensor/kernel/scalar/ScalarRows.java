package org.einscale.tensor.kernel.scalar;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** The plain row-wise kernels: softmax, normalisations and cross-entropy, computing in double. */
public final class ScalarRows {
    public static final ScalarRows FLOAT = new ScalarRows(Precision.FLOAT);

    private final Precision precision;
    private final int bytes;

    ScalarRows(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
    }

    /** Number of entries that row r keeps under a causal mask, of n. */
    public static int kept(int row, int n, int causalPeriod) {
        return causalPeriod == 0 ? n : Math.max(0, row % causalPeriod + 1 + n - causalPeriod);
    }

    /** The index stored as a number in row r. */
    public static long checkedIndex(double stored, long row, long limit) {
        if (!(stored >= 0 && stored < limit)) {
            throw new IndexOutOfBoundsException("index " + stored + " in row " + row + " is not in [0, " + limit + ")");
        }
        return (long) stored;
    }

    private double get(long address, long index) {
        return Raw.get(precision, address + index * bytes);
    }

    private void put(long address, long index, double value) {
        Raw.put(precision, address + index * bytes, value);
    }

    private void put(long address, long index, double value, boolean add) {
        put(address, index, add ? get(address, index) + value : value);
    }

    private double max(long source, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            max = Math.max(max, get(source, j));
        }
        return max;
    }

    /** {@code exp(x - max)}; 1 for the largest, be it infinite. */
    private static double weight(double x, double max) {
        return x == max ? 1 : Math.exp(x - max);
    }

    private double sumOfWeights(long source, int n, double max) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += weight(get(source, j), max);
        }
        return sum;
    }

    private double dot(long a, long b, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += get(a, j) * get(b, j);
        }
        return sum;
    }

    void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            softmaxRow(destination + offset, source + offset, 1, kept(r, n, causalPeriod), n);
        }
    }

    /** Softmax of the first {@code kept} of n numbers, times a factor; zeros over the others. Infinite numbers share alone. */
    public void softmaxRow(long destination, long source, double factor, int kept, int n) {
        double max = max(source, kept);
        double sum = sumOfWeights(source, kept, max);
        for (int j = 0; j < n; j++) {
            put(destination, j, j < kept ? factor * (weight(get(source, j), max) / sum) : 0);
        }
    }

    void softmaxGradient(long destination, long y, long dy, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            int kept = kept(r, n, causalPeriod);
            double dot = dot(y + offset, dy + offset, kept);
            for (int j = 0; j < n; j++) {
                put(destination + offset, j, j < kept ? get(y + offset, j) * (get(dy + offset, j) - dot) : 0);
            }
        }
    }

    void norm(long destination, long source, int rows, int n, boolean centred, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            normalize(destination + offset, source + offset, n, centred, epsilon);
        }
    }

    void normGradient(long destination, long x, long dy, int rows, int n, boolean centred, double epsilon,
            boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            normGradientRow(destination + offset, x + offset, dy + offset, n, centred, epsilon, add);
        }
    }

    /** One row of (x - mean) / deviation, with a mean of 0 unless centred. */
    public void normalize(long destination, long x, int n, boolean centred, double epsilon) {
        double unit = unit(x, n, epsilon);
        double mean = centred ? mean(x, n, unit) : 0;
        double scale = reciprocalDeviation(x, n, unit, mean, epsilon);
        for (int j = 0; j < n; j++) {
            put(destination, j, (scaled(get(x, j), unit) - mean) * scale);
        }
    }

    /** One row of dx = scale * (dy - mean(dy) - y * mean(y * dy)) with y = (x - mean) * scale; means 0 give RMS norm. */
    public void normGradientRow(long destination, long x, long dy, int n, boolean centred, double epsilon,
            boolean add) {
        double unit = unit(x, n, epsilon);
        double mean = centred ? mean(x, n, unit) : 0;
        double meanGradient = centred ? mean(dy, n, 1) : 0;
        double scale = reciprocalDeviation(x, n, unit, mean, epsilon);
        double product = 0;
        for (int j = 0; j < n; j++) {
            product += (scaled(get(x, j), unit) - mean) * scale * get(dy, j);
        }
        product /= n;
        for (int j = 0; j < n; j++) {
            double y = (scaled(get(x, j), unit) - mean) * scale;
            put(destination, j, scale * (get(dy, j) - meanGradient - y * product) * unit, add);
        }
    }

    /**
     * A power of two that brings the larger of a row's largest number and sqrt(epsilon) near 1, so that no square leaves the range
     * of double; 0 if the row has infinite numbers.
     */
    private double unit(long x, int n, double epsilon) {
        double largest = Math.sqrt(epsilon);
        for (int j = 0; j < n; j++) {
            largest = Math.max(largest, Math.abs(get(x, j)));
        }
        return Double.isInfinite(largest) ? 0 : Math.scalb(1.0, -Math.getExponent(largest));
    }

    /** A number times the unit; beside infinite numbers all others are 0. */
    private static double scaled(double x, double unit) {
        return unit == 0 && Double.isInfinite(x) ? Math.signum(x) : x * unit;
    }

    private double mean(long source, int n, double unit) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += scaled(get(source, j), unit);
        }
        return sum / n;
    }

    /** 1 / deviation, for numbers and epsilon times a unit and its square. */
    private double reciprocalDeviation(long x, int n, double unit, double mean, double epsilon) {
        double squares = 0;
        for (int j = 0; j < n; j++) {
            double centred = scaled(get(x, j), unit) - mean;
            squares += centred * centred;
        }
        return 1 / Math.sqrt(squares / n + epsilon * unit * unit);
    }

    void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            crossEntropyRow(loss + (long) r * bytes, logits + (long) r * n * bytes,
                    (int) checkedIndex(get(targets, r), r, n), n);
        }
    }

    public void crossEntropyRow(long loss, long logits, int target, int n) {
        double max = max(logits, n);
        double own = get(logits, target);
        put(loss, 0, Math.log(sumOfWeights(logits, n, max)) + (max == own ? 0 : max - own));
    }

    void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            long target = checkedIndex(get(targets, r), r, n);
            double max = max(logits + offset, n);
            double sum = sumOfWeights(logits + offset, n, max);
            double factor = get(scale, r);
            for (int j = 0; j < n; j++) {
                double probability = weight(get(logits + offset, j), max) / sum;
                put(destination + offset, j, (probability - (j == target ? 1 : 0)) * factor);

            }
        }
    }
}
