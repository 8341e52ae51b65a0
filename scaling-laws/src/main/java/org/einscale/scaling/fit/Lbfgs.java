package org.einscale.scaling.fit;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Limited-memory BFGS (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4 and 7.5) with the line search of
 * {@link WolfeSearch}.
 *
 * @param memory number of correction pairs kept
 * @param iterations most iterations
 * @param tolerance stop when no component of the gradient is larger
 */
record Lbfgs(int memory, int iterations, double tolerance) {

    /**
     * Where the search ended.
     *
     * @param x the place
     * @param value the objective there
     * @param gradient its largest component, absolute
     */
    record Minimum(double[] x, double value, double gradient) {}

    private record Correction(double[] step, double[] change, double product) {}

    /** Minimises from a start, which is not modified. Never returns a place with a higher value than the start. */
    Minimum minimise(Objective objective, double[] start) {
        double[] x = start.clone();
        double[] gradient = new double[objective.size()];
        double value = objective.evaluate(x, gradient);
        var corrections = new ArrayDeque<Correction>();
        for (int i = 0; i < iterations && largest(gradient) > tolerance; i++) {
            double[] direction = direction(gradient, corrections);
            if (dot(direction, gradient) >= 0) {
                corrections.clear();
                direction = direction(gradient, corrections);
            }
            double first = corrections.isEmpty() ? 0.1 / Math.sqrt(dot(gradient, gradient)) : 1;
            WolfeSearch.Step step = new WolfeSearch(objective, x, value, gradient, direction).search(first);
            if (!(step.value() < value)) {
                if (corrections.isEmpty()) {
                    break;
                }
                corrections.clear();
                continue;
            }
            remember(corrections, difference(step.x(), x), difference(step.gradient(), gradient));
            x = step.x();
            value = step.value();
            gradient = step.gradient();
        }
        return new Minimum(x, value, largest(gradient));
    }

    /** Two-loop recursion: minus the approximate inverse Hessian times the gradient. */
    private static double[] direction(double[] gradient, ArrayDeque<Correction> corrections) {
        double[] q = new double[gradient.length];
        add(q, -1, gradient);
        double[] alpha = new double[corrections.size()];
        int i = corrections.size();
        for (Iterator<Correction> newest = corrections.descendingIterator(); newest.hasNext();) {
            Correction c = newest.next();
            alpha[--i] = dot(c.step, q) / c.product;
            add(q, -alpha[i], c.change);
        }
        if (!corrections.isEmpty()) {
            Correction last = corrections.getLast();
            double scale = last.product / dot(last.change, last.change);
            for (int j = 0; j < q.length; j++) {
                q[j] *= scale;
            }
        }
        for (Correction c : corrections) {
            double beta = dot(c.change, q) / c.product;
            add(q, alpha[i++] - beta, c.step);
        }
        return q;
    }

    private void remember(ArrayDeque<Correction> corrections, double[] step, double[] change) {
        double product = dot(step, change);
        // Without positive curvature the pair would make the direction point uphill.
        if (product <= 1e-14 * Math.sqrt(dot(step, step) * dot(change, change))) {
            return;
        }
        if (corrections.size() == memory) {
            corrections.removeFirst();
        }
        corrections.addLast(new Correction(step, change, product));
    }

    private static double[] difference(double[] a, double[] b) {
        double[] result = a.clone();
        add(result, -1, b);
        return result;
    }

    static void add(double[] to, double factor, double[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * from[i];
        }
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
