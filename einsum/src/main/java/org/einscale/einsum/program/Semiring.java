package org.einscale.einsum.program;

/**
 * A commutative semiring in which an einsum adds and multiplies: {@code plus} and {@code times} are associative and
 * commutative, {@code times} distributes over {@code plus}, and {@code zero} absorbs. An einsum over it is {@code plus} over
 * all summed axes of {@code times} over the operands, and contracts in any order to the same result (Mohri 2002). Only
 * {@link #SUM_PRODUCT} becomes matrix products, and only it has gradients.
 */
public interface Semiring {
    /** The numbers as they are: (+, x). */
    Semiring SUM_PRODUCT = new Standard("(+,x)", 0, 1) {
        @Override
        public double plus(double x, double y) {
            return x + y;
        }

        @Override
        public double times(double x, double y) {
            return x * y;
        }
    };

    /** Longest paths: (max, +). */
    Semiring MAX_PLUS = new Standard("(max,+)", Double.NEGATIVE_INFINITY, 0) {
        @Override
        public double plus(double x, double y) {
            return Math.max(x, y);
        }

        @Override
        public double times(double x, double y) {
            return x + y;
        }
    };

    /** Shortest paths: (min, +). */
    Semiring MIN_PLUS = new Standard("(min,+)", Double.POSITIVE_INFINITY, 0) {
        @Override
        public double plus(double x, double y) {
            return Math.min(x, y);
        }

        @Override
        public double times(double x, double y) {
            return x + y;
        }
    };

    /** Logarithms of non-negative numbers: {@code plus} is log(exp x + exp y) and {@code times} is +. */
    Semiring LOG = new Standard("log", Double.NEGATIVE_INFINITY, 0) {
        @Override
        public double plus(double x, double y) {
            double larger = Math.max(x, y);
            double smaller = Math.min(x, y);
            return smaller == Double.NEGATIVE_INFINITY || larger == Double.POSITIVE_INFINITY
                    ? larger
                    : larger + Math.log1p(Math.exp(smaller - larger));
        }

        @Override
        public double times(double x, double y) {
            return x + y;
        }
    };

    /** Truth, 0 for false and any other number for true: (or, and). Results are 0 or 1. */
    Semiring BOOLEAN = new Standard("boolean", 0, 1) {
        @Override
        public double plus(double x, double y) {
            return x != 0 || y != 0 ? 1 : 0;
        }

        @Override
        public double times(double x, double y) {
            return x != 0 && y != 0 ? 1 : 0;
        }
    };

    /** The sum of no elements. */
    double zero();

    /** The product of no factors. */
    double one();

    double plus(double x, double y);

    double times(double x, double y);

    /** What messages and reports call it. */
    String name();

    /** A semiring with a name and constants. */
    abstract class Standard implements Semiring {
        private final String name;
        private final double zero;
        private final double one;

        private Standard(String name, double zero, double one) {
            this.name = name;
            this.zero = zero;
            this.one = one;
        }

        @Override
        public double zero() {
            return zero;
        }

        @Override
        public double one() {
            return one;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
