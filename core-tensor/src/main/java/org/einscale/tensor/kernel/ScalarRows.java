package org.einscale.tensor.kernel;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** The plain row-wise kernels: softmax, normalisations and cross-entropy, computing in double. */
final class ScalarRows {
    private final Precision precision;
    private final int bytes;

    ScalarRows(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
    }

    /** Number of entries that row r keeps under a causal mask, of n. */
    static int kept(int row, int n, int causalPeriod) {
        return causalPeriod == 0 ? n : Math.max(0, row % causalPeriod + 1 + n - causalPeriod);
    }

    /** The index stored as a number in row r. */
    static int checkedIndex(double stored, int row, int limit) {
        if (!(stored >= 0 && stored < limit)) {
            throw new IndexOutOfBoundsException("index " + stored + " in row " + row + " is not in [0, " + limit + ")");
        }
        return (int) stored;
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

    private double sumOfExponentials(long source, int n, double max) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += Math.exp(get(source, j) - max);
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

    private double mean(long source, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += get(source, j);
        }
        return sum / n;
    }

    void softmax(long destination, long source, int rows, int n, int causalPeriod) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            int kept = kept(r, n, causalPeriod);
            double max = max(source + offset, kept);
            double sum = sumOfExponentials(source + offset, kept, max);
            for (int j = 0; j < n; j++) {
                put(destination + offset, j, j < kept ? Math.exp(get(source + offset, j) - max) / sum : 0);
            }
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

    void layerNorm(long destination, long source, int rows, int n, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            double mean = mean(source + offset, n);
            double scale = reciprocalDeviation(source + offset, n, mean, epsilon);
            for (int j = 0; j < n; j++) {
                put(destination + offset, j, (get(source + offset, j) - mean) * scale);
            }
        }
    }

    void layerNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            double mean = mean(x + offset, n);
            normGradient(destination + offset, x + offset, dy + offset, n, mean, mean(dy + offset, n), epsilon, add);
        }
    }

    void rmsNorm(long destination, long source, int rows, int n, double epsilon) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            double scale = reciprocalDeviation(source + offset, n, 0, epsilon);
            for (int j = 0; j < n; j++) {
                put(destination + offset, j, get(source + offset, j) * scale);
            }
        }
    }

    void rmsNormGradient(long destination, long x, long dy, int rows, int n, double epsilon, boolean add) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            normGradient(destination + offset, x + offset, dy + offset, n, 0, 0, epsilon, add);
        }
    }

    private double reciprocalDeviation(long x, int n, double mean, double epsilon) {
        double squares = 0;
        for (int j = 0; j < n; j++) {
            double centred = get(x, j) - mean;
            squares += centred * centred;
        }
        return 1 / Math.sqrt(squares / n + epsilon);
    }

    /** One row of dx = scale * (dy - mean(dy) - y * mean(y * dy)) with y = (x - mean) * scale; means 0 give RMS norm. */
    private void normGradient(long destination, long x, long dy, int n, double mean, double meanGradient,
            double epsilon, boolean add) {
        double scale = reciprocalDeviation(x, n, mean, epsilon);
        double product = 0;
        for (int j = 0; j < n; j++) {
            product += (get(x, j) - mean) * scale * get(dy, j);
        }
        product /= n;
        for (int j = 0; j < n; j++) {
            double y = (get(x, j) - mean) * scale;
            put(destination, j, scale * (get(dy, j) - meanGradient - y * product), add);
        }
    }

    void crossEntropy(long loss, long logits, long targets, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long row = logits + (long) r * n * bytes;
            int target = checkedIndex(get(targets, r), r, n);
            double max = max(row, n);
            put(loss, r, Math.log(sumOfExponentials(row, n, max)) + max - get(row, target));
        }
    }

    void crossEntropyGradient(long destination, long logits, long targets, long scale, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            long offset = (long) r * n * bytes;
            int target = checkedIndex(get(targets, r), r, n);
            double max = max(logits + offset, n);
            double sum = sumOfExponentials(logits + offset, n, max);
            double factor = get(scale, r);
            for (int j = 0; j < n; j++) {
                double probability = Math.exp(get(logits + offset, j) - max) / sum;
                put(destination + offset, j, (probability - (j == target ? 1 : 0)) * factor);
            }
        }
    }
}
