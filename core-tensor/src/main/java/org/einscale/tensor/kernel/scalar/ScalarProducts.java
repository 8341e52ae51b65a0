package org.einscale.tensor.kernel.scalar;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.ReductionKernel;
import org.einscale.tensor.memory.Raw;

/**
 * Products of rows or columns, and the gradient of those of rows. A product is kept as a number in double whose size is moderate
 * and a power of two, which no number of factors can overflow. So it is rounded as a product in double, whichever of its factors
 * come first, and then once to the precision of the result. In the gradient zeros, infinities and NaNs are counted instead, so that
 * each can be left out of the product of the others.
 */
final class ScalarProducts implements ReductionKernel {
    private static final ThreadLocal<Partial> PARTIAL = ThreadLocal.withInitial(Partial::new);
    /** Factors of float32 that are multiplied at once: in double that many stay within the range. */
    private static final int FLOATS = 4;

    /** Products that are made at a time. */
    private static final class Partial {
        private static final double LEAST = 0x1p-400;
        private static final double MOST = 0x1p400;

        private final double[] products = new double[256];
        private final long[] exponents = new long[256];

        void start(int j, double first) {
            products[j] = 1;
            exponents[j] = 0;
            multiply(j, first);
        }

        void multiply(int j, double factor) {
            double product = products[j] * factor;
            double size = Math.abs(product);
            if (size >= LEAST && size <= MOST) {
                products[j] = product;
            } else {
                exponents[j] += exponent(products[j]) + exponent(factor);
                products[j] = unscaled(products[j]) * unscaled(factor);
            }
        }

        double value(int j) {
            return scaled(unscaled(products[j]), exponents[j] + exponent(products[j]));
        }

        /** The product of the first four. */
        double all() {
            for (int j = 1; j < FLOATS; j++) {
                multiply(0, products[j]);
                exponents[0] += exponents[j];
            }
            return value(0);
        }
    }

    private final Precision precision;
    private final int bytes;

    ScalarProducts(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
    }

    @Override
    public void rows(long destination, long source, long stride, int rows, int n, boolean add) {
        Partial partial = PARTIAL.get();
        for (long left = 0; left < n; left += partial.products.length) {
            int width = (int) Math.min(partial.products.length, n - left);
            for (int j = 0; j < width; j++) {
                partial.start(j, add ? get(destination, left + j) : 1);
            }
            for (int r = 0; r < rows;) {
                int count = rows - r < FLOATS ? 1 : atOnce();
                long row = source + (r * stride + left) * bytes;
                for (int j = 0; j < width; j++) {
                    partial.multiply(j, product(row + (long) j * bytes, stride, count));
                }
                r += count;
            }
            for (int j = 0; j < width; j++) {
                Raw.put(precision, destination + (left + j) * bytes, partial.value(j));
            }
        }
    }

    @Override
    public void columns(long destination, long destinationStride, long source, long stride, int rows, int n,
            boolean add) {
        Partial partial = PARTIAL.get();
        for (int r = 0; r < rows; r++) {
            long to = destination + r * destinationStride * bytes;
            for (int j = 0; j < FLOATS; j++) {
                partial.start(j, add && j == 0 ? Raw.get(precision, to) : 1);
            }
            for (int j = 0, i = 0; j < n; i++) {
                int count = n - j < FLOATS ? 1 : atOnce();
                partial.multiply(i % FLOATS, product(source + (r * stride + j) * bytes, 1, count));
                j += count;
            }
            Raw.put(precision, to, partial.all());
        }
    }

    private int atOnce() {
        return precision == Precision.FLOAT ? FLOATS : 1;
    }

    /** Of one or of four factors. */
    private double product(long from, long stride, int count) {
        return count == 1
                ? get(from, 0)
                : get(from, 0) * get(from, stride) * (get(from, 2 * stride) * get(from, 3 * stride));
    }

    void gradient(long destination, long x, long dy, long rows, long n) {
        for (long r = 0; r < rows; r++) {
            long offset = r * n * bytes;
            row(destination + offset, x + offset, Raw.get(precision, dy + r * bytes), n);
        }
    }

    private void row(long destination, long x, double dy, long n) {
        double product = ordinary(dy) ? fraction(dy) : 1;
        long exponent = exponent(dy);
        long zeros = 0;
        long infinities = 0;
        long nans = 0;
        for (long j = 0; j < n; j++) {
            double factor = get(x, j);
            product *= fraction(factor);
            exponent += exponent(factor) + Math.getExponent(product);
            product = Math.scalb(product, -Math.getExponent(product));
            zeros += factor == 0 ? 1 : 0;
            infinities += Double.isInfinite(factor) ? 1 : 0;
            nans += Double.isNaN(factor) ? 1 : 0;
        }
        for (long j = 0; j < n; j++) {
            double own = get(x, j);
            boolean noNumber = nans > (Double.isNaN(own) ? 1 : 0);
            boolean zero = zeros > (own == 0 ? 1 : 0);
            boolean infinite = infinities > (Double.isInfinite(own) ? 1 : 0);
            double others = scaled(product / fraction(own), exponent - exponent(own));
            if (infinite) {
                others = Math.copySign(Double.POSITIVE_INFINITY, others);
            }
            if (zero) {
                others = infinite ? Double.NaN : 0;
            }
            if (noNumber) {
                others = Double.NaN;
            }
            Raw.put(precision, destination + j * bytes, ordinary(dy) ? others : Binary.WEIGH.apply(dy, others));
        }
    }

    private double get(long address, long index) {
        return Raw.get(precision, address + index * bytes);
    }

    private static boolean ordinary(double x) {
        return x != 0 && Double.isFinite(x);
    }

    /** The number without its power of two; of zeros, infinities and NaNs, 1 with their sign. */
    private static double fraction(double x) {
        return ordinary(x) ? unscaled(x) : Math.copySign(1, x);
    }

    /** The number without its power of two; zeros, infinities and NaNs have none. */
    private static double unscaled(double x) {
        return Math.scalb(x, -exponent(x));
    }

    private static int exponent(double x) {
        return ordinary(x) ? Math.getExponent(x) : 0;
    }

    private static double scaled(double fraction, long exponent) {
        return Math.scalb(fraction, (int) Math.clamp(exponent, -3000, 3000));
    }
}
