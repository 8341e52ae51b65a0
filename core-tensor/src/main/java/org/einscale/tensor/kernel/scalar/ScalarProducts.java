package org.einscale.tensor.kernel.scalar;

import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.memory.Raw;

/**
 * The gradient of products of rows. The product of all ordinary factors is kept as a number near 1 and a power of two, which no
 * number of factors can overflow; zeros, infinities and NaNs are counted instead, so that each can be left out of the product of
 * the others.
 */
final class ScalarProducts {
    private final Precision precision;
    private final int bytes;

    ScalarProducts(Precision precision) {
        this.precision = precision;
        this.bytes = precision.bytes();
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
        return ordinary(x) ? Math.scalb(x, -Math.getExponent(x)) : Math.copySign(1, x);
    }

    private static int exponent(double x) {
        return ordinary(x) ? Math.getExponent(x) : 0;
    }

    private static double scaled(double fraction, long exponent) {
        return Math.scalb(fraction, (int) Math.clamp(exponent, -3000, 3000));
    }
}
