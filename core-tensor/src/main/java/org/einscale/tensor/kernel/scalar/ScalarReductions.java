package org.einscale.tensor.kernel.scalar;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Reduce;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;

/**
 * The plain reductions and sums of products over rows or columns, which read matrices in the order of memory and round once, when
 * all rows are summed.
 */
final class ScalarReductions {
    /** Sums of columns that are made at a time. */
    private static final ThreadLocal<double[]> SUMS = ThreadLocal.withInitial(() -> new double[256]);

    private final Precision precision;
    private final int bytes;

    ScalarReductions(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
    }

    private double get(long address, long index) {
        return Raw.get(precision, address + index * bytes);
    }

    private void put(long address, long index, double value) {
        Raw.put(precision, address + index * bytes, value);
    }

    private void start(double[] sums, long destination, int n, double value, boolean add) {
        for (int j = 0; j < n; j++) {
            sums[j] = add ? get(destination, j) : value;
        }
    }

    private void store(double[] sums, long destination, int n) {
        for (int j = 0; j < n; j++) {
            put(destination, j, sums[j]);
        }
    }

    /** The kernel of a reduction. */
    ReductionKernel kernel(Reduce kind) {
        Binary function = kind.function();
        return new ReductionKernel() {
            @Override
            public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
                double[] sums = SUMS.get();
                for (long left = 0; left < n; left += sums.length) {
                    int width = (int) Math.min(sums.length, n - left);
                    start(sums, destination + left * bytes, width, kind.neutral(), add);
                    for (int r = 0; r < rows; r++) {
                        for (int j = 0; j < width; j++) {
                            sums[j] = function.apply(sums[j], get(source, r * stride + left + j));
                        }
                    }
                    store(sums, destination + left * bytes, width);
                }
            }

            @Override
            public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
                    boolean add) {
                for (int r = 0; r < rows; r++) {
                    long at = r * destinationStride;
                    double result = add ? get(destination, at) : kind.neutral();
                    for (int j = 0; j < n; j++) {
                        result = function.apply(result, get(source, r * stride + j));
                    }
                    put(destination, at, result);
                }
            }
        };
    }

    void multiplySumRows(long destination, long a, long aStride, long b, long bStride, int rows, int n, boolean add) {
        double[] sums = SUMS.get();
        for (long left = 0; left < n; left += sums.length) {
            int width = (int) Math.min(sums.length, n - left);
            start(sums, destination + left * bytes, width, 0, add);
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width; j++) {
                    sums[j] += get(a, r * aStride + left + j) * get(b, r * bStride + left + j);
                }
            }
            store(sums, destination + left * bytes, width);
        }
    }

    void multiplySumColumns(long destination, long destinationStride, long a, long aStride, long b, long bStride,
            int rows, int n, boolean add) {
        for (int r = 0; r < rows; r++) {
            long at = r * destinationStride;
            double sum = add ? get(destination, at) : 0;
            for (int j = 0; j < n; j++) {
                sum += get(a, r * aStride + j) * get(b, r * bStride + j);
            }
            put(destination, at, sum);
        }
    }

    void scaleSumRows(long destination, long scale, long scaleStride, long b, long bStride, int rows, int n,
            boolean add) {
        double[] sums = SUMS.get();
        for (long left = 0; left < n; left += sums.length) {
            int width = (int) Math.min(sums.length, n - left);
            start(sums, destination + left * bytes, width, 0, add);
            for (int r = 0; r < rows; r++) {
                double factor = get(scale, r * scaleStride);
                for (int j = 0; j < width; j++) {
                    sums[j] += factor * get(b, r * bStride + left + j);
                }
            }
            store(sums, destination + left * bytes, width);

        }
    }
}
