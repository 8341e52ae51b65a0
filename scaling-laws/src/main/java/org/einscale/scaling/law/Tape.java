package org.einscale.scaling.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A formula as a list of steps, each over all points, and backwards for its slopes (reverse mode). What is known to be above 0 is kept
 * by its logarithm: products are then sums, powers are products, sums are log-sum-exp, and nothing overflows where the result does not.
 * <p>
 * Not for several threads at once.
 */
public final class Tape {

    private enum Kind {
        CONSTANT, INPUT, PARAMETER, LOG_SUM_EXP, ADD, MULTIPLY, EXP, LOG, LEAST, GREATEST
    }

    /**
     * One step.
     *
     * @param kind what is done
     * @param of the steps it is done to
     * @param index of the input or parameter
     * @param constant the constant
     */
    private record Step(Kind kind, List<Integer> of, int index, double constant) {}

    private final List<String> inputs;
    private final List<String> parameters;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Step, Integer> places = new HashMap<>();
    private final int result;
    private final boolean[] active;
    private final double[][] values;
    private final double[][] adjoints;
    private final double[][][] weights;
    private final double[][] slopes;
    private final int points;

    /**
     * @param log whether the result is wanted by its logarithm
     * @param logInputs natural logarithm of each input at each point; -infinity for 0
     */
    Tape(Node formula, boolean log, List<String> inputs, List<String> parameters, double[][] logInputs, int points) {
        this.inputs = inputs;
        this.parameters = parameters;
        this.points = points;
        this.result = log ? logOf(formula) : plain(formula);
        int n = steps.size();
        values = new double[n][];
        adjoints = new double[n][points];
        weights = new double[n][][];
        slopes = new double[parameters.size()][points];
        active = new boolean[n];
        for (int i = 0; i < n; i++) {
            Step step = steps.get(i);
            active[i] = step.kind == Kind.PARAMETER || step.of.stream().anyMatch(part -> active[part]);
            // What is alike at all points is computed once.
            boolean wide = step.kind == Kind.INPUT || i == result
                    || step.of.stream().anyMatch(part -> values[part].length > 1);
            values[i] = new double[wide ? points : 1];
            if (step.kind == Kind.LOG_SUM_EXP) {
                weights[i] = new double[step.of.size()][values[i].length];
            }
            if (step.kind == Kind.INPUT) {
                System.arraycopy(logInputs[step.index], 0, values[i], 0, points);
            } else if (!active[i]) {
                forward(i, new double[0]);
            }
            if (step.kind == Kind.PARAMETER) {
                slopes[step.index] = adjoints[i];
            }
        }
    }

    /** Value at each point, not to be modified, until the next call. */
    public double[] evaluate(double[] theta) {
        for (int i = 0; i < values.length; i++) {
            if (active[i]) {
                forward(i, theta);
            }
        }
        return values[result];
    }

    /** The slope of the last value by each parameter at each point, not to be modified, until the next call. */
    public double[][] slopes() {
        for (int i = 0; i < values.length; i++) {
            if (active[i]) {
                Arrays.fill(adjoints[i], 0);
            }
        }
        if (active[result]) {
            Arrays.fill(adjoints[result], 1);
        }
        for (int i = values.length - 1; i >= 0; i--) {
            if (active[i]) {
                backward(i);
            }
        }
        return slopes;
    }

    private int add(Step step) {
        return places.computeIfAbsent(step, fresh -> {
            steps.add(fresh);
            return steps.size() - 1;
        });
    }

    private int add(Kind kind, Integer... of) {
        return add(new Step(kind, List.of(of), 0, 0));
    }

    private int add(Kind kind, List<Integer> of) {
        return add(new Step(kind, of, 0, 0));
    }

    private int constant(double value) {
        return add(new Step(Kind.CONSTANT, List.of(), 0, value));
    }

    private int logOf(Node node) {
        return switch (node) {
            case Node.Number(var value) -> constant(Math.log(value));
            case Node.Input(var name) -> add(new Step(Kind.INPUT, List.of(), inputs.indexOf(name), 0));
            case Node.Parameter(_, var signed) when signed -> add(Kind.LOG, plain(node));
            case Node.Parameter(var name, _) -> add(new Step(Kind.PARAMETER, List.of(), parameters.indexOf(name), 0));
            case Node.Power(var base, var exponent) -> add(Kind.MULTIPLY, plain(exponent), logOf(base));
            case Node.Exp(var of) -> plain(of);
            case Node.Sum(var parts) when node.positive() ->
                add(Kind.LOG_SUM_EXP, parts.stream().map(this::logOf).toList());
            case Node.Product(var parts) when node.positive() ->
                add(Kind.ADD, parts.stream().map(this::logOf).toList());
            case Node.Choice(var least, var left, var right) when node.positive() ->
                add(least ? Kind.LEAST : Kind.GREATEST, logOf(left), logOf(right));
            case Node.Sum _,Node.Product _,Node.Choice _,Node.Log _ -> add(Kind.LOG, plain(node));
        };
    }

    private int plain(Node node) {
        return switch (node) {
            case Node.Number(var value) -> constant(value);
            case Node.Log(var of) -> logOf(of);
            case Node.Parameter(var name, var signed) when signed ->
                add(new Step(Kind.PARAMETER, List.of(), parameters.indexOf(name), 0));
            case Node.Sum(var parts) when !node.positive() -> add(Kind.ADD, parts.stream().map(this::plain).toList());
            case Node.Product(var parts) when !node.positive() ->
                parts.stream().map(this::plain).reduce((left, right) -> add(Kind.MULTIPLY, left, right)).orElseThrow();
            case Node.Choice(var least, var left, var right) when !node.positive() ->
                add(least ? Kind.LEAST : Kind.GREATEST, plain(left), plain(right));
            case Node.Input _,Node.Parameter _,Node.Sum _,Node.Product _,Node.Choice _,Node.Power _,Node.Exp _ ->
                add(Kind.EXP, logOf(node));
        };
    }

    private void forward(int place, double[] theta) {
        Step step = steps.get(place);
        double[] to = values[place];
        switch (step.kind) {
            case CONSTANT -> Arrays.fill(to, step.constant);
            case INPUT -> {
            }
            case PARAMETER -> Arrays.fill(to, theta[step.index]);
            case LOG_SUM_EXP -> logSumExp(step, to, weights[place]);
            case ADD -> {
                Arrays.fill(to, 0);
                for (int part : step.of) {
                    double[] from = values[part];
                    int stride = stride(part);
                    for (int i = 0; i < to.length; i++) {
                        to[i] += from[i * stride];
                    }
                }
            }
            case EXP, LOG -> {
                double[] from = values[step.of.getFirst()];
                int stride = stride(step.of.getFirst());
                for (int i = 0; i < to.length; i++) {
                    to[i] = step.kind == Kind.EXP ? Math.exp(from[i * stride]) : Math.log(from[i * stride]);
                }
            }
            case MULTIPLY, LEAST, GREATEST -> pair(step, to);
        }
    }

    private void pair(Step step, double[] to) {
        double[] a = values[step.of.getFirst()];
        double[] b = values[step.of.getLast()];
        int strideA = stride(step.of.getFirst());
        int strideB = stride(step.of.getLast());
        for (int i = 0; i < to.length; i++) {
            double left = a[i * strideA];
            double right = b[i * strideB];
            to[i] = switch (step.kind) {
                case MULTIPLY -> left * right;
                case LEAST -> Math.min(left, right);
                default -> Math.max(left, right);
            };
        }
    }

    /** How far apart the values of two points lie: 0 where one value is that of all. */
    private int stride(int place) {
        return values[place].length > 1 ? 1 : 0;
    }

    private void logSumExp(Step step, double[] to, double[][] shares) {
        int parts = shares.length;
        Arrays.fill(to, Double.NEGATIVE_INFINITY);
        for (int part : step.of) {
            double[] from = values[part];
            int stride = stride(part);
            for (int i = 0; i < to.length; i++) {
                to[i] = Math.max(to[i], from[i * stride]);
            }
        }
        for (int k = 0; k < parts; k++) {
            double[] from = values[step.of.get(k)];
            int stride = stride(step.of.get(k));
            for (int i = 0; i < to.length; i++) {
                shares[k][i] = Math.exp(from[i * stride] - (Double.isInfinite(to[i]) ? 0 : to[i]));
            }
        }
        for (int i = 0; i < to.length; i++) {
            double sum = 0;
            for (int k = 0; k < parts; k++) {
                sum += shares[k][i];
            }
            for (int k = 0; k < parts; k++) {
                shares[k][i] = sum == 0 ? 0 : shares[k][i] / sum;
            }
            to[i] = (Double.isInfinite(to[i]) ? 0 : to[i]) + Math.log(sum);
        }
    }

    private void backward(int place) {
        Step step = steps.get(place);
        double[] from = adjoints[place];
        switch (step.kind) {
            case CONSTANT, INPUT, PARAMETER -> {
            }
            case LOG_SUM_EXP -> {
                for (int k = 0; k < weights[place].length; k++) {
                    addProduct(step.of.get(k), from, weights[place][k], stride(place));
                }
            }
            case ADD -> {
                for (int part : step.of) {
                    double[] to = adjoints[part];
                    for (int i = 0; i < points; i++) {
                        to[i] += from[i];
                    }
                }
            }
            case MULTIPLY -> {
                addProduct(step.of.getFirst(), from, values[step.of.getLast()], stride(step.of.getLast()));
                addProduct(step.of.getLast(), from, values[step.of.getFirst()], stride(step.of.getFirst()));
            }
            case EXP -> addProduct(step.of.getFirst(), from, values[place], stride(place));
            case LOG -> {
                double[] of = values[step.of.getFirst()];
                double[] inverse = Arrays.stream(of).map(value -> 1 / value).toArray();
                addProduct(step.of.getFirst(), from, inverse, stride(step.of.getFirst()));
            }
            case LEAST, GREATEST -> {
                int left = step.of.getFirst();
                int right = step.of.getLast();
                for (int i = 0; i < points; i++) {
                    double difference = values[left][i * stride(left)] - values[right][i * stride(right)];
                    boolean first = step.kind == Kind.LEAST ? difference <= 0 : difference >= 0;
                    adjoints[first ? left : right][i] += from[i];
                }
            }
        }
    }

    private void addProduct(int part, double[] from, double[] factor, int stride) {
        if (!active[part]) {
            return;
        }
        double[] to = adjoints[part];
        for (int i = 0; i < points; i++) {
            // Nothing times infinity is nothing here: what has no influence has no slope.
            to[i] += from[i] == 0 ? 0 : from[i] * factor[i * stride];
        }
    }
}
