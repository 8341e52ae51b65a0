package org.einscale.scaling.fit;

/**
 * Line search for a step with the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 3.5 and 3.6): enough decrease, and a
 * slope clearly flatter than at the start. Where rounding prevents the second, the lowest step found is taken.
 */
final class WolfeSearch {

    private static final double DECREASE = 1e-4;
    private static final double FLATTER = 0.9;
    private static final int EVALUATIONS = 40;

    /**
     * A place on the line.
     *
     * @param length step length, in multiples of the direction
     * @param x the place
     * @param value objective there
     * @param gradient gradient there
     * @param slope derivative along the direction
     */
    record Step(double length, double[] x, double value, double[] gradient, double slope) {}

    private final Objective objective;
    private final double[] direction;
    private final Step start;
    private Step lowest;
    private int evaluations;

    WolfeSearch(Objective objective, double[] x, double value, double[] gradient, double[] direction) {
        this.objective = objective;
        this.direction = direction;
        this.start = new Step(0, x, value, gradient, Lbfgs.dot(gradient, direction));
        this.lowest = start;
    }

    /** The step, or the start where nothing lower was found. */
    Step search(double first) {
        Step previous = start;
        double length = first;
        while (evaluations < EVALUATIONS) {
            Step step = at(length);
            if (!decreases(step) || (previous != start && step.value >= previous.value)) {
                return zoom(previous, step);
            }
            if (flat(step)) {
                return step;
            }
            if (step.slope >= 0) {
                return zoom(step, previous);
            }
            previous = step;
            length *= 2;
        }
        return lowest;
    }

    private Step zoom(Step first, Step second) {
        Step low = first;
        Step high = second;
        while (evaluations < EVALUATIONS && Math.abs(high.length - low.length) > 1e-16 * Math.abs(low.length)) {
            Step step = at(between(low, high));
            if (!decreases(step) || step.value >= low.value) {
                high = step;
                continue;
            }
            if (flat(step)) {
                return step;
            }
            if (step.slope * (high.length - low.length) >= 0) {
                high = low;
            }
            low = step;
        }
        return lowest;
    }

    private boolean decreases(Step step) {
        return step.value <= start.value + DECREASE * step.length * start.slope;
    }

    private boolean flat(Step step) {
        return Math.abs(step.slope) <= -FLATTER * start.slope;
    }

    /** Minimum of the cubic through both ends with their slopes, kept away from the ends; the middle where there is none. */
    private static double between(Step low, Step high) {
        double width = high.length - low.length;
        double d1 = low.slope + high.slope - 3 * (low.value - high.value) / (low.length - high.length);
        double d2 = Math.signum(width) * Math.sqrt(d1 * d1 - low.slope * high.slope);
        double cubic = high.length - width * (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
        double share = (cubic - low.length) / width;
        return share >= 0.1 && share <= 0.9 ? cubic : low.length + 0.5 * width;
    }

    private Step at(double length) {
        evaluations++;
        double[] x = start.x.clone();
        Lbfgs.add(x, length, direction);
        double[] gradient = new double[x.length];
        double value = objective.evaluate(x, gradient);
        Step step = new Step(length, x, value, gradient, Lbfgs.dot(gradient, direction));
        if (value < lowest.value) {
            lowest = step;
        }
        return step;
    }
}
