package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the searches begin. Hoffmann et al. 2022 (appendix D.3) cross fixed values of a, b, e, alpha and beta that suit losses near 2
 * and sizes near 1e9. Here the same grid is made relative to the data, so that it suits any unit: every start goes through the
 * centre of the points (mean log inputs, mean log loss), E takes shares of the smallest loss, and the exponents take the values
 * below; with two inputs the part of the loss above E is divided between them in three ways. Where an input spans less than a
 * factor of e^3, the exponents are those that would bend the curve as much over such a span.
 */
final class Starts {

    private static final double[] SHARES_OF_E = {0.02, 0.3, 0.6, 0.8, 0.9, 0.97};
    private static final double[] EXPONENTS_ALONE = {0.03, 0.07, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5};
    private static final double[] EXPONENTS_CROSSED = {0.05, 0.2, 0.35, 0.5, 0.8, 1.2};
    private static final double[] DIVISIONS = {0.2, 0.5, 0.8};
    private static final double NARROWEST = 1.5;
    private static final double FLATTEST = Math.log(0.05);
    private static final double STEEPEST = Math.log(4);

    private Starts() {
    }

    /** The whole grid: 54 starts with one input, 648 with two. */
    static List<double[]> grid(HuberObjective objective) {
        var starts = new ArrayList<double[]>();
        for (double share : SHARES_OF_E) {
            double e = objective.smallestLogLoss() + Math.log(share);
            double above = Math.log(Math.exp(objective.meanLogLoss()) - Math.exp(e));
            if (objective.inputs() == 1) {
                for (double exponent : EXPONENTS_ALONE) {
                    starts.add(new double[]{e, above, Math.log(exponent * span(objective, 0))});
                }
            } else {
                cross(objective, e, above, starts);
            }
        }
        return starts;
    }

    /** What makes an exponent the fall over half the range of an input. */
    private static double span(HuberObjective objective, int input) {
        return Math.max(objective.halfRange(input), NARROWEST);
    }

    private static void cross(HuberObjective objective, double e, double above, List<double[]> starts) {
        for (double first : EXPONENTS_CROSSED) {
            for (double second : EXPONENTS_CROSSED) {
                for (double division : DIVISIONS) {
                    starts.add(new double[]{e, above + Math.log(division), Math.log(first * span(objective, 0)),
                        above + Math.log(1 - division), Math.log(second * span(objective, 1))});
                }
            }
        }
    }

    /**
     * A few starts for data close to data already fitted: the fitted place, and the same exponents with other values of E. The
     * latter matter where the fit ended at E = 0, from where the gradient does not lead away; nor does it where a term is flat
     * or so steep that it counts at one point only, so the exponents are bounded.
     */
    static List<double[]> near(HuberObjective objective, double[] fitted) {
        var starts = new ArrayList<double[]>();
        starts.add(fitted);
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < objective.inputs(); k++) {
            largest = Math.max(largest, fitted[1 + 2 * k]);
        }
        double total = 0;
        for (int k = 0; k < objective.inputs(); k++) {
            total += Math.exp(fitted[1 + 2 * k] - largest);
        }
        for (double share : new double[]{0.3, 0.8}) {
            double e = objective.smallestLogLoss() + Math.log(share);
            double above = Math.log((Math.exp(objective.meanLogLoss()) - Math.exp(e)) / total);
            double[] start = fitted.clone();
            start[0] = e;
            for (int k = 0; k < objective.inputs(); k++) {
                start[1 + 2 * k] += above - largest;
                start[2 + 2 * k] = Math.clamp(start[2 + 2 * k], FLATTEST, STEEPEST);
            }
            starts.add(start);
        }
        return starts;
    }
}
