package org.einscale.scaling.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.einscale.scaling.Point;

/**
 * Variable projection (Golub and Pereyra 1973): with all else given, the coefficients of a sum of terms are those of non-negative least
 * squares of the relative error. A law that is a power of a sum, as that of Kaplan et al. 2020, is fitted as the sum to the losses
 * taken to the inverse power.
 */
public final class Projection {

    /** A coefficient that least squares sets to 0 becomes this share of the loss, so that a search can go on from there. */
    private static final double LEAST_SHARE = 1e-3;

    /**
     * A term with its coefficient set to 1.
     *
     * @param log logarithm of the term at each point
     * @param index of the coefficient among the parameters; -1 where it has none
     * @param power with which the coefficient enters
     */
    private record Column(Tape log, int index, Optional<Tape> power) {}

    private final List<Column> columns = new ArrayList<>();
    private final Optional<Tape> outer;
    private final List<String> searched;

    /** Projects a formula over points, for parameters in this order. */
    public Projection(Formula formula, List<Point> points, List<String> parameters) {
        Terms terms = Terms.of(formula.root());
        outer = terms.outer().map(power -> Formula.tape(power, false, points.subList(0, 1), parameters));
        var rest = new ArrayList<>(formula.parameters());
        for (Node term : terms.parts()) {
            Optional<String> coefficient = term.positive() ? formula.coefficient(term) : Optional.empty();
            coefficient.ifPresent(rest::remove);
            columns.add(new Column(Formula.tape(term, true, points, parameters),
                    coefficient.map(parameters::indexOf).orElse(-1),
                    coefficient.flatMap(name -> Terms.power(term, name))
                            .map(power -> Formula.tape(power, false, points.subList(0, 1), parameters))));
        }
        searched = List.copyOf(rest);
    }

    /** The parameters that must be given: exponents and the like. */
    public List<String> searched() {
        return searched;
    }

    /**
     * Sets the coefficients.
     *
     * @param theta all parameters, by their logarithms where positive; the coefficients are modified
     */
    public void project(double[] theta, double[] logLoss) {
        double power = outer.map(tape -> tape.evaluate(theta)[0]).orElse(1.0);
        int points = logLoss.length;
        double[] rest = new double[points];
        Arrays.fill(rest, 1);
        List<Column> free = columns.stream().filter(column -> column.index >= 0).toList();
        for (Column column : free) {
            theta[column.index] = 0;
        }
        for (Column column : columns) {
            if (column.index < 0) {
                double[] log = column.log.evaluate(theta);
                for (int i = 0; i < points; i++) {
                    rest[i] -= Math.exp(log[i] - logLoss[i] / power);
                }
            }
        }
        double[] shift = new double[free.size()];
        double[][] relative = new double[free.size()][points];
        for (int j = 0; j < shift.length; j++) {
            double[] log = free.get(j).log.evaluate(theta);
            for (int i = 0; i < points; i++) {
                relative[j][i] = log[i] - logLoss[i] / power;
            }
            double largest = shift[j] = Arrays.stream(relative[j]).max().orElse(0);
            Arrays.setAll(relative[j], i -> 0);
            for (int i = 0; i < points; i++) {
                relative[j][i] = Math.exp(log[i] - logLoss[i] / power - largest);
            }
        }
        double[] shares = NonNegative.solve(relative, rest);
        for (int j = 0; j < shift.length; j++) {
            double enters = free.get(j).power.map(tape -> tape.evaluate(theta)[0]).orElse(1.0);
            theta[free.get(j).index] = (Math.log(Math.max(shares[j], LEAST_SHARE)) - shift[j]) / enters;
        }
    }
}
