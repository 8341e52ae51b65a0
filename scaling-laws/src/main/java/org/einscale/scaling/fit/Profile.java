package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;

/**
 * Intervals by profile likelihood of normal log residuals whose variance is unknown (Bates and Watts 1988, chapter 6): a value belongs to
 * the interval where the sum of squares, all else being fitted again, exceeds the least by no more than {@code t^2 S / (n - p)}, t being
 * Student's for n - p degrees of freedom. They suit few points, where a bootstrap draws from a handful of residuals, and curves that bend;
 * they take the scatter to be alike at all scales. What a new measurement may be is what could be added to the points so.
 */
public final class Profile implements Intervals {

    private static final double STEEPEST = 30;
    private static final double FLATTEST = 1e-4;
    private static final double NO_FLOOR = 20;
    private static final double FARTHEST = 1e5;
    private static final double FIXED = 1e4;
    private static final int DOUBLINGS = 40;
    private static final double NEAR = 1e-3;
    private static final double SUNK = 4;
    private static final double RAISED = 0.3;
    private static final double NOTHING = 1e-10;

    private final Fit fit;
    private final double[] logLoss;
    private final LeastSquares.End best;
    private final int freedom;

    private Profile(Fit fit, LeastSquares.End best, int freedom) {
        this.fit = fit;
        this.logLoss = Fit.logLoss(fit.points());
        this.best = best;
        this.freedom = freedom;
    }

    /** @throws ScalingException where there are no more points than parameters, so that the scatter is unknown */
    public static Profile of(Fit fit) {
        int freedom = fit.degreesOfFreedom();
        int points = fit.points().size();
        int parameters = fit.form().parameters().size();
        double[] logLoss = Fit.logLoss(fit.points());
        LeastSquares squares = new LeastSquares(fit.form().formula().over(fit.points(), fit.form().parameters()),
                parameters, logLoss, Fit.ones(points));
        LeastSquares.End best = new Starts(fit.form(), fit.points()).near(finite(fit), logLoss).stream()
                .map(start -> squares.minimise(start, -1)).min(Comparator.comparingDouble(LeastSquares.End::sum))
                .orElseThrow();
        return new Profile(fit, best, freedom);
    }

    private static double[] finite(Fit fit) {
        return Arrays.stream(fit.theta()).map(value -> Math.max(value, -NO_FLOOR * 10)).toArray();
    }

    /** Standard deviation of log residuals, by least squares. */
    public double scatter() {
        return Math.sqrt(best.sum() / freedom);
    }

    private double limit(double level) {
        double t = StudentT.quantile(level, freedom);
        return best.sum() * (1 + t * t / freedom) + Double.MIN_NORMAL;
    }

    /** The interval of a parameter as the law keeps it, by its natural logarithm where positive. */
    @Override
    public Interval parameter(String name, double level) {
        int j = fit.form().parameters().indexOf(name);
        LeastSquares squares = squares(fit.points(), logLoss, Fit.ones(logLoss.length));
        double centre = best.theta()[j];
        double[] reach = reach(name);
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
            ends[side] = end(new Walk(squares, j), centre, side == 0 ? -1 : 1, 0.05, reach[side], limit(level));
        }
        double estimate = fit.theta()[j];
        return new Interval(Math.min(ends[0], estimate), Math.max(ends[1], estimate));
    }

    /** Beyond these a parameter counts for nothing, or no more than it does there. */
    private double[] reach(String name) {
        Form form = fit.form();
        if (form.formula().floors().contains(name)) {
            double least = Arrays.stream(logLoss).min().orElse(0);
            return new double[]{least - NO_FLOOR, least + 1};
        }
        String input = form.formula().exponents().get(name);
        if (input != null && !form.formula().signed().contains(name)) {
            double half = Math.log(Starts.halfRange(fit.points(), input));
            return new double[]{Math.log(FLATTEST) - half, Math.log(STEEPEST) - half};
        }
        return new double[]{-FARTHEST, FARTHEST};
    }

    /** Where the law itself lies at a scale, in nats per token. */
    @Override
    public Interval loss(Point at, double level) {
        return added(at, FIXED, level);
    }

    /** Where one new measurement at a scale is expected. */
    @Override
    public Interval measurement(Point at, double level) {
        return added(at, 1, level);
    }

    @Override
    public String method() {
        return "profile likelihood";
    }

    /** What a point of a weight could be that is added to the others. */
    private Interval added(Point at, double weight, double level) {
        List<Point> points = Stream.concat(fit.points().stream(), Stream.of(at)).toList();
        double[] target = Arrays.copyOf(logLoss, points.size());
        double[] weights = Fit.ones(points.size());
        weights[logLoss.length] = weight;
        LeastSquares squares = squares(points, target, weights);
        double centre = fit.form().formula().over(List.of(at), fit.form().parameters()).evaluate(best.theta())[0];
        double step = Math.max(scatter(), 1e-9);
        double[] ends = new double[2];
        for (int side = 0; side < 2; side++) {
            double[][] last = {best.theta()};
            ends[side] = end(value -> {
                target[logLoss.length] = value;
                LeastSquares.End end = minimise(squares, last[0], -1);
                last[0] = end.theta();
                return end.sum();
            }, centre, side == 0 ? -1 : 1, step, side == 0 ? -FARTHEST : FARTHEST, limit(level));
        }
        double estimate = Math.log(fit.law().loss(at.at()));
        return new Interval(Math.min(ends[0], estimate), Math.max(ends[1], estimate)).exp();
    }

    /** Also from a floor well above 0 where one is as good as 0, from where the slope does not lead away. */
    private LeastSquares.End minimise(LeastSquares squares, double[] start, int held) {
        LeastSquares.End end = squares.minimise(start, held);
        double lowest = Arrays.stream(logLoss).min().orElse(0);
        double[] raised = end.theta().clone();
        boolean sunk = false;
        for (String floor : fit.form().formula().floors()) {
            int j = fit.form().parameters().indexOf(floor);
            if (j != held && raised[j] < lowest - SUNK) {
                raised[j] = lowest + Math.log(RAISED);
                sunk = true;
            }
        }
        LeastSquares.End other = sunk ? squares.minimise(raised, held) : end;
        return other.sum() < end.sum() ? other : end;
    }

    private LeastSquares squares(List<Point> points, double[] target, double[] weights) {
        return new LeastSquares(fit.form().formula().over(points, fit.form().parameters()),
                fit.form().parameters().size(), target, weights);
    }

    /** The least sum of squares with a parameter held at values that lead away from the best one, each from the fits before. */
    private final class Walk implements DoubleFunction<Double> {
        private final LeastSquares squares;
        private final int parameter;
        private final List<double[]> path = new ArrayList<>();

        Walk(LeastSquares squares, int parameter) {
            this.squares = squares;
            this.parameter = parameter;
            path.add(best.theta());
        }

        @Override
        public Double apply(double value) {
            double[] last = path.getLast();
            double[] start = last.clone();
            start[parameter] = value;
            LeastSquares.End end = minimise(squares, start, parameter);
            if (path.size() > 1) {
                double[] before = path.get(path.size() - 2);
                double span = last[parameter] - before[parameter];
                double[] along = last.clone();
                Lbfgs.add(along, (value - last[parameter]) / span, last);
                Lbfgs.add(along, -(value - last[parameter]) / span, before);
                along[parameter] = value;
                LeastSquares.End other = minimise(squares, along, parameter);
                end = other.sum() < end.sum() ? other : end;
            }
            if (value != last[parameter]) {
                path.add(end.theta());
            }
            return end.sum();
        }
    }

    /** Where a sum of squares that rises from a centre passes a limit; infinite where it does not as far as is looked. */
    private static double end(DoubleFunction<Double> sum, double centre, int sign, double first, double reach,
            double limit) {
        double inside = centre;
        double step = first;
        double outside = Double.NaN;
        for (int i = 0; i < DOUBLINGS && Double.isNaN(outside); i++) {
            double next = sign > 0 ? Math.min(inside + step, reach) : Math.max(inside - step, reach);
            if (sum.apply(next) > limit) {
                outside = next;
            } else if (next == reach) {
                return sign * Double.POSITIVE_INFINITY;
            } else {
                inside = next;
                step *= 1.6;
            }
        }
        if (Double.isNaN(outside)) {
            return sign * Double.POSITIVE_INFINITY;
        }
        while (Math.abs(outside - inside) > NEAR * Math.abs(outside - centre) + NOTHING) {
            double middle = (inside + outside) / 2;
            if (sum.apply(middle) > limit) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        return (inside + outside) / 2;
    }
}
