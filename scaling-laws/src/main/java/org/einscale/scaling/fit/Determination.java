package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.scaling.Interval;

/**
 * What the points leave open at the place where a search for a law ended. A parameter is open where the curve through the points stays
 * as it is, to a millionth of the loss, while the parameter moves and the others follow: where the law's slope by that parameter is a
 * combination of its slopes by the others. Such are all parameters of a constant curve; a term so steep that it counts at one point
 * only; terms of inputs that rise in step.
 *
 * @param problem why there is no minimum of its own with exponents above 0, in words; empty where there is one
 * @param open the values that an open parameter may have, by its name in {@link org.einscale.scaling.Law#parameters}: natural logarithms
 *        for a coefficient
 */
public record Determination(String problem, Map<String, Interval> open) {

    private static final double NOTHING = 1e-6;
    /** A term that falls by e^20 from one end of the points to the other no longer counts but at one of them. */
    private static final double STEEP = 10;
    private static final Interval ANY = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    /** Whether the points determine a parameter, named as in {@link org.einscale.scaling.Law#parameters}. */
    public boolean determines(String parameter) {
        return !open.containsKey(parameter);
    }

    /**
     * Looks around a place.
     *
     * @param theta where the search ended
     * @param still whether the gradient vanishes there
     */
    static Determination of(Form<?> form, HuberObjective objective, double[] theta, boolean still) {
        List<String> names = names(form, objective, theta);
        double[][] slopes = objective.slopes(theta);
        boolean constant = constant(objective.predict(theta));
        var open = new HashMap<String, Interval>();
        if (constant || !independent(slopes, 0)) {
            open.put(names.getFirst(), new Interval(0, Math.exp(objective.smallestLogLoss())));
        }
        for (int k = 0; k < objective.inputs(); k++) {
            int coefficient = 1 + 2 * k;
            int exponent = 2 + 2 * k;
            double fall = HuberObjective.fall(theta, k);
            if (constant || fall < NOTHING || !independent(slopes, coefficient) || !independent(slopes, exponent)
                    || !free(objective, k)) {
                open.put(names.get(coefficient), ANY);
                double least = fall < STEEP ? 0 : fall / objective.halfRange(k);
                open.put(names.get(exponent), new Interval(least, Double.POSITIVE_INFINITY));
            }
        }
        return new Determination(problem(form, objective, theta, still, constant, open), Map.copyOf(open));
    }

    private static String problem(Form<?> form, HuberObjective objective, double[] theta, boolean still,
            boolean constant, Map<String, Interval> open) {
        if (constant) {
            return constantProblem(form, objective);
        }
        if (!open.isEmpty()) {
            return openProblem(form, objective, theta, open);
        }
        return still ? "" : "the search did not end at a minimum";
    }

    private static String constantProblem(Form<?> form, HuberObjective objective) {
        return objective.smallestLogLoss() == objective.largestLogLoss()
                ? "all losses are equal, which determines nothing"
                : doNotFall(form.inputs().stream().map(Form.Input::name).collect(Collectors.joining(" or the ")));
    }

    private static String doNotFall(String inputs) {
        return "the losses do not fall as the " + inputs + " grows";
    }

    private static String openProblem(Form<?> form, HuberObjective objective, double[] theta,
            Map<String, Interval> open) {
        List<String> names = names(form, objective, theta);
        for (int k = 0; k < objective.inputs(); k++) {
            String input = form.inputs().get(k).name();
            double fall = HuberObjective.fall(theta, k);
            if (fall < NOTHING) {
                return doNotFall(input);
            }
            if (fall >= STEEP && open.containsKey(names.get(2 + 2 * k))) {
                return names.get(2 + 2 * k) + " grows without bound: only the loss of the smallest " + input
                        + " lies above the rest";
            }
        }
        return "the points do not determine "
                + names.stream().filter(open::containsKey).collect(Collectors.joining(", "));
    }

    private static List<String> names(Form<?> form, HuberObjective objective, double[] theta) {
        return List.copyOf(objective.law(form, theta).parameters().sequencedKeySet());
    }

    private static boolean constant(double[] logLoss) {
        var range = Arrays.stream(logLoss).summaryStatistics();
        return range.getMax() - range.getMin() < NOTHING;
    }

    /** Whether an input moves on its own, and not in step with those before it. */
    private static boolean free(HuberObjective objective, int input) {
        return IntStream.range(0, objective.inputs()).filter(other -> other != input)
                .allMatch(other -> independent(new double[][]{objective.input(input), objective.input(other)}, 0));
    }

    /** Whether a column is no combination of the others. */
    private static boolean independent(double[][] columns, int column) {
        var basis = new ArrayList<double[]>();
        for (int j = 0; j < columns.length; j++) {
            double[] rest = without(columns[j], basis);
            double size = size(rest);
            if (j != column && size > NOTHING) {
                basis.add(Arrays.stream(rest).map(value -> value / size).toArray());
            }
        }
        return size(without(columns[column], basis)) > NOTHING;
    }

    /** What is left of a vector without its shares in orthogonal ones of size 1; taken twice, against rounding. */
    private static double[] without(double[] vector, List<double[]> basis) {
        double[] rest = vector.clone();
        for (int pass = 0; pass < 2; pass++) {
            for (double[] direction : basis) {
                Lbfgs.add(rest, -Lbfgs.dot(rest, direction) / rest.length, direction);
            }
        }
        return rest;
    }

    /** Root mean square. */
    private static double size(double[] vector) {
        return Math.sqrt(Lbfgs.dot(vector, vector) / vector.length);
    }
}
