package org.einscale.scaling.frontier;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Law;

/** Runs by their compute, and the best size of each budget as measured: what approach 2 of Hoffmann et al. 2022 goes by. */
final class Budgets {

    /** Runs are of one budget where the next larger C is no farther than this away, in its logarithm. */
    private static final double GAP = 0.05;
    private static final int FEWEST = 4;

    private Budgets() {
    }

    static double compute(Point point) {
        double c = point.at("c");
        return Double.isNaN(c) ? 6 * point.n() * point.tokens() : c;
    }

    /** Runs of about the same compute, from the least; budgets of fewer than four runs are left out. */
    static List<List<Point>> of(List<Point> points) {
        var budgets = new ArrayList<List<Point>>();
        double last = Double.NEGATIVE_INFINITY;
        for (Point point : points.stream().sorted(Comparator.comparingDouble(Budgets::compute)).toList()) {
            double log = Math.log(compute(point));
            if (log - last > GAP) {
                budgets.add(new ArrayList<>());
            }
            budgets.getLast().add(point);
            last = log;
        }
        return budgets.stream().filter(budget -> budget.size() >= FEWEST).toList();
    }

    private static double middle(List<Point> budget) {
        return Math.exp(budget.stream().mapToDouble(point -> Math.log(compute(point))).average().orElse(Double.NaN));
    }

    /** The same runs with the losses of a law. */
    static List<Point> measured(Law law, List<Point> runs) {
        double[] losses = law.losses(runs);
        return IntStream.range(0, losses.length)
                .mapToObj(i -> new Point(runs.get(i).at(), losses[i], runs.get(i).run())).toList();
    }

    /** The size of the best run of each budget. */
    static List<Growth.Best> lowest(List<List<Point>> budgets) {
        return budgets.stream().map(Budgets::best).toList();
    }

    /** Approach 2: the size at the minimum of a parabola through the runs of each budget that has one. */
    static List<Growth.Best> parabolas(List<List<Point>> budgets) {
        return budgets.stream().flatMap(budget -> parabola(budget).stream()).toList();
    }

    private static Growth.Best best(List<Point> budget) {
        Point best = budget.stream().min(Comparator.comparingDouble(Point::loss)).orElseThrow();
        return new Growth.Best(middle(budget), best.n());
    }

    /** Where a parabola of loss against log N is lowest; empty where it has no minimum among the sizes. */
    private static Optional<Growth.Best> parabola(List<Point> budget) {
        double centre = budget.stream().mapToDouble(point -> Math.log(point.n())).average().orElse(0);
        double[][] sums = new double[3][4];
        for (Point point : budget) {
            double x = Math.log(point.n()) - centre;
            double[] powers = {1, x, x * x};
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 3; k++) {
                    sums[j][k] += powers[j] * powers[k];
                }
                sums[j][3] += powers[j] * point.loss();
            }
        }
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++) {
                double factor = k == j ? 0 : sums[k][j] / sums[j][j];
                for (int i = 0; i < 4; i++) {
                    sums[k][i] -= factor * sums[j][i];
                }
            }
        }
        double curvature = sums[2][3] / sums[2][2];
        double lowest = centre - sums[1][3] / sums[1][1] / (2 * curvature);
        var range = budget.stream().mapToDouble(point -> Math.log(point.n())).summaryStatistics();
        return curvature > 0 && lowest >= range.getMin() && lowest <= range.getMax()
                ? Optional.of(new Growth.Best(middle(budget), Math.exp(lowest)))
                : Optional.empty();
    }
}
