package org.einscale.scaling.fit;

/** Searches for the minimum of a sum of Huber losses from one place: L-BFGS in coordinates that are renewed until nothing is gained. */
final class Descent {

    /** Slopes, as shares of the largest that the sum can have: of a search, of a last one, and of a place where it vanishes. */
    static final double ENOUGH = 1e-6;
    static final double LAST = 1e-9;
    private static final double STILL = 1e-5;
    private static final int ROUNDS = 30;

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
    static End from(HuberObjective objective, double[] start, double tolerance) {
        double largest = HuberObjective.DELTA * Math.sqrt(Lbfgs.dot(objective.weights(), objective.weights()));
        var search = new Lbfgs(12, 200, tolerance * largest);
        double[] theta = start;
        double value = objective.value(start);
        boolean still = false;
        for (int round = 0; round < ROUNDS; round++) {
            var rescaled = new Rescaled(objective, theta, objective.slopes(theta), objective.weights());
            Lbfgs.Minimum minimum = search.minimise(rescaled, new double[theta.length]);
            double[] next = rescaled.theta(minimum.x());
            boolean better = minimum.value() < value * (1 - tolerance);
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
