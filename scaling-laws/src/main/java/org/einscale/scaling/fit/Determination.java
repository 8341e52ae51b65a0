package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Inputs;
import org.einscale.scaling.law.Tape;

/**
 * What the points leave open at the place where a search for a law ended. A parameter is open where the curve through the points stays
 * as it is, to a millionth of the loss, while the parameter moves and the others follow: where the law's slope by that parameter is a
 * combination of its slopes by the others. Such are all parameters of a constant curve; a term so steep that it counts at one point
 * only; terms of inputs that rise in step.
 *
 * @param problem why there is no minimum of its own with parameters off their bounds, in words; empty where there is one
 * @param open the values that an open parameter may have, by its name, as the law keeps them: natural logarithms of positive ones
 */
public record Determination(String problem, Map<String, Interval> open) {

    private static final double NOTHING = 1e-6;
    /** A term that falls by e^20 from one end of the points to the other no longer counts but at one of them. */
    private static final double STEEP = 10;
    /** Logarithm of what is as good as 0. */
    private static final double ZERO = -600;

    /** Whether the points determine a parameter. */
    public boolean determines(String parameter) {
        return !open.containsKey(parameter);
    }

    /** Looks around the place where a search ended, which as many as {@code reached} others found too. */
    static Determination of(Form form, List<Point> points, double[] logLoss, Descent.End end, long reached) {
        return new Around(form, points, logLoss, end.theta()).look(end.still(), reached);
    }

    /** What one look needs. */
    private static final class Around {
        private final Form form;
        private final List<Point> points;
        private final double[] logLoss;
        private final double[] theta;
        private final List<String> names;
        private final Map<String, String> exponents;
        private final List<String> floors;
        private final double[] curve;
        private final boolean constant;

        Around(Form form, List<Point> points, double[] logLoss, double[] theta) {
            this.form = form;
            this.points = points;
            this.logLoss = logLoss;
            this.theta = Arrays.stream(theta).map(value -> Math.max(value, ZERO)).toArray();
            this.names = form.parameters();
            this.exponents = form.formula().exponents();
            this.floors = form.formula().floors();
            this.curve = form.formula().over(points, names).evaluate(this.theta).clone();
            this.constant = constant(curve);
        }

        Determination look(boolean still, long reached) {
            Map<String, Interval> open = open();
            return new Determination(problem(open, still, reached), Map.copyOf(open));
        }

        private Map<String, Interval> open() {
            var open = new HashMap<String, Interval>();
            double[][] slopes = slopes();
            Set<String> coefficients = new HashSet<>(form.formula().coefficients());
            floors.forEach(coefficients::remove);
            for (int j = 0; j < names.size(); j++) {
                String name = names.get(j);
                boolean alone = coefficients.contains(name) ? freeAtTheCentre(slopes, j) : independent(slopes, j);
                if (constant || !alone || fall(name) < NOTHING || inStep(name)) {
                    open.put(name, reach(name));
                }
            }
            for (String name : coefficients) {
                if (open.keySet().stream()
                        .anyMatch(other -> exponents.containsKey(other) && form.formula().together(name, other))) {
                    open.put(name, reach(name));
                }
            }
            return open;
        }

        /**
         * Whether a coefficient is determined where its exponent is. The value of a term at the centre of the points is as sure as ever
         * the points are; its coefficient, far away at x = 1, moves with the exponent.
         */
        private boolean freeAtTheCentre(double[][] slopes, int coefficient) {
            int[] rest = IntStream.range(0, slopes.length)
                    .filter(j -> j == coefficient || !exponents.containsKey(names.get(j))).toArray();
            double[][] columns = Arrays.stream(rest).mapToObj(j -> slopes[j]).toArray(double[][]::new);
            return independent(columns, (int) Arrays.stream(rest).takeWhile(j -> j != coefficient).count());
        }

        private Interval reach(String name) {
            if (floors.contains(name)) {
                return new Interval(Double.NEGATIVE_INFINITY, Arrays.stream(logLoss).min().orElse(0));
            }
            boolean steep = Double.isFinite(fall(name)) && fall(name) >= STEEP;
            return new Interval(steep ? theta[names.indexOf(name)] : Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY);
        }

        /** How much the logarithm of an exponent's base falls over half the range of its input; infinite for other parameters. */
        private double fall(String name) {
            return exponents.containsKey(name) && !form.formula().signed().contains(name)
                    ? Math.exp(theta[names.indexOf(name)]) * halfRange(name)
                    : Double.POSITIVE_INFINITY;
        }

        private double halfRange(String exponent) {
            return Starts.halfRange(points, exponents.getOrDefault(exponent, ""));
        }

        /**
         * How log L at each point changes with each parameter. Floors, in units of the mean loss, and exponents, times half the range of
         * their input, are not taken by their logarithms here, so that their columns do not vanish where they are 0.
         */
        private double[][] slopes() {
            Tape tape = form.formula().over(points, names);
            tape.evaluate(theta);
            double[][] slopes = tape.slopes();
            double mean = Arrays.stream(logLoss).average().orElse(0);
            for (int j = 0; j < slopes.length; j++) {
                String name = names.get(j);
                double unit = floors.contains(name)
                        ? Math.exp(mean - theta[j])
                        : Double.isFinite(fall(name)) ? 1 / fall(name) : 1;
                slopes[j] = Arrays.stream(slopes[j]).map(slope -> slope * unit).toArray();
            }
            return slopes;
        }

        /** Whether a parameter belongs to a term of an input that rises in step with that of another term. */
        private boolean inStep(String name) {
            List<String> inputs = form.formula().inputs().stream()
                    .filter(input -> points.stream().allMatch(point -> point.at(input) > 0)).toList();
            for (String left : inputs) {
                for (String right : inputs) {
                    if (!left.equals(right) && form.formula().termsOf(left).contains(name)
                            && form.formula().apart(left, right)
                            && !independent(new double[][]{log(left), log(right)}, 0)) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** log x about its mean and in units of half its range. */
        private double[] log(String input) {
            double[] logs = points.stream().mapToDouble(point -> Math.log(point.at(input))).toArray();
            double mean = Arrays.stream(logs).average().orElse(0);
            double half = Starts.halfRange(points, input);
            return Arrays.stream(logs).map(log -> (log - mean) / half).toArray();
        }

        private String problem(Map<String, Interval> open, boolean still, long reached) {
            if (constant) {
                boolean equal = Arrays.stream(logLoss).distinct().count() == 1;
                return equal
                        ? "all losses are equal, which determines nothing"
                        : doNotFall(form.formula().inputs().stream().map(Inputs::name)
                                .collect(Collectors.joining(" or the ")));
            }
            if (!open.isEmpty()) {
                return openProblem(open);
            }
            for (String floor : floors) {
                double log = theta[names.indexOf(floor)];
                if (Arrays.stream(curve).allMatch(loss -> log - loss < Math.log(NOTHING))) {
                    return floor + " ended at its bound, 0: the losses show no floor; a law without one ("
                            + floor + " = 0) fits as well";
                }
            }
            if (!still) {
                return "the search did not end at a minimum";
            }
            return reached < 2 ? "of all searches only one ended at the lowest value" : "";
        }

        private static String doNotFall(String inputs) {
            return "the losses do not fall as the " + inputs + " grows";
        }

        private String openProblem(Map<String, Interval> open) {
            for (String name : names) {
                String input = Inputs.name(exponents.getOrDefault(name, ""));
                if (fall(name) < NOTHING) {
                    return doNotFall(input);
                }
                if (open.containsKey(name) && Double.isFinite(fall(name)) && fall(name) >= STEEP) {
                    return name + " grows without bound: only the loss of the smallest " + input
                            + " lies above the rest";
                }
            }
            return "the points do not determine "
                    + names.stream().filter(open::containsKey).collect(Collectors.joining(", "));
        }
    }

    private static boolean constant(double[] logLoss) {
        var range = Arrays.stream(logLoss).summaryStatistics();
        return range.getMax() - range.getMin() < NOTHING;
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
