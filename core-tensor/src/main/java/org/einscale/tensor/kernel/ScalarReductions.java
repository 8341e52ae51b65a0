package org.einscale.tensor.kernel;

import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** The plain sums, products-and-sums and extremes over rows or columns, computing in double. */
final class ScalarReductions {
    private final Precision precision;
    private final int bytes;

    ScalarReductions(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
    }

    private double get(long address, long index) {
        return Raw.get(precision, address + index * bytes);
    }

    private void put(long address, long index, double value, boolean add) {
        Raw.put(precision, address + index * bytes, add ? get(address, index) + value : value);
    }

    void sumRows(long destination, long source, int rows, int n, boolean add) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += get(source, (long) r * n + j);
            }
            put(destination, j, sum, add);
        }
    }

    void multiplySumRows(long destination, long a, long b, int rows, int n, boolean add) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int r = 0; r < rows; r++) {
                sum += get(a, (long) r * n + j) * get(b, (long) r * n + j);
            }
            put(destination, j, sum, add);
        }
    }

    void sumColumns(long destination, long source, int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += get(source, (long) r * n + j);
            }
            put(destination, r, sum, add);
        }
    }

    void multiplySumColumns(long destination, long a, long b, int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += get(a, (long) r * n + j) * get(b, (long) r * n + j);
            }
            put(destination, r, sum, add);
        }
    }

    /** destination[r] = the extreme of row r, or {@code empty} for no columns. */
    void fold(Binary extreme, double empty, long destination, long source, int rows, int n) {
        for (int r = 0; r < rows; r++) {
            double result = empty;
            for (int j = 0; j < n; j++) {
                result = extreme.apply(result, get(source, (long) r * n + j));
            }
            put(destination, r, result, false);
        }
    }
}
