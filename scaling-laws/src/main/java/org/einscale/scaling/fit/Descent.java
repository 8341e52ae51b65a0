package org.einscale.scaling.fit;

/** Searches for the minimum of a sum of Huber losses from one place: L-BFGS in coordinates that are renewed until nothing is gained. */
final class Descent {

    /** A slope, as a share of the largest that the sum can have, that counts as none. */
    private static final double STILL = 1e-5;

    /** How long to search. */
    enum Effort {
        /** To fit a resampled set, from close by. */
        NEAR(1e-6, 8),
        /** To tell one place from another. */
        FAR(1e-6, 30),
        /** Until rounding ends it. */
        THOROUGH(1e-9, 100);

        private final double tolerance;
        private final int rounds;

        Effort(double tolerance, int rounds) {
            this.tolerance = tolerance;
            this.rounds = rounds;
        }
    }

    private Descent() {
    }

    /**
     * Where a search ended.
     *
     * @param theta the place
     * @param value the objective there
     * @param still whether its slope vanishes there
     */
    record End(double[] theta, double value, boolean still) {}

    /** Goes on until the slope is that small, or nothing more is gained. */
    static End from(HuberObjective objective, double[] start, Effort effort) {
        double largest = HuberObjective.DELTA * Math.sqrt(Lbfgs.dot(objective.weights(), objective.weights()));
        var search = new Lbfgs(12, 200, effort.tolerance * largest);
        double[] theta = start;
        double value = objective.value(start);
        boolean still = false;
        for (int round = 0; round < effort.rounds; round++) {
            var rescaled = new Rescaled(objective, theta, objective.slopes(theta), objective.weights());
            Lbfgs.Minimum minimum = search.minimise(rescaled, new double[theta.length]);
            double[] next = rescaled.theta(minimum.x());
            boolean better = minimum.value() < value * (1 - effort.tolerance);
            if (minimum.value() < value) {
                theta = next;
                value = minimum.value();
            }
            still = minimum.gradient() <= STILL * largest;
            if (!better) {
                break;
            }
        }
        return new End(theta, value, still);
    }
}
