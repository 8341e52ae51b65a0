package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Formula;
import org.einscale.scaling.law.Projection;
import org.einscale.tensor.random.Philox;

/**
 * Where searches begin: exponents and the like cross a grid, and the coefficients are those of non-negative least squares
 * ({@link Projection}). Where an input spans less than a factor of e^3, the exponents are those that would bend the curve as much over
 * such a span, so that the grid suits any units.
 */
final class Starts {

    private static final double[] EXPONENTS_ALONE = {0.03, 0.07, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5};
    private static final double[] EXPONENTS_CROSSED = {0.05, 0.2, 0.35, 0.5, 0.8, 1.2};
    private static final double[] ANY = {0.1, 1, 10};
    private static final double[] SHARES = {0.1, 0.3, 0.5, 0.7, 0.9};
    private static final double NARROWEST = 1.5;
    private static final double FLATTEST = 0.05;
    private static final double STEEPEST = 4;
    private static final int GRID = 1000;
    private static final int BEST = 20;

    private final Form form;
    private final List<Point> points;
    private final Projection projection;
    private final Map<String, String> exponents;

    Starts(Form form, List<Point> points) {
        this.form = form;
        this.points = points;
        this.projection = new Projection(form.start().orElse(form.formula()), points, form.parameters());
        this.exponents = form.formula().exponents();
    }

    /** The starts from which the objective is lowest, and as many spread over the others. */
    List<double[]> of(HuberObjective objective, double[] logLoss) {
        List<double[]> grid = grid();
        grid.forEach(theta -> projection.project(theta, logLoss));
        grid.sort(Comparator.comparingDouble(objective::value));
        var chosen = new ArrayList<>(grid.subList(0, Math.min(BEST, grid.size())));
        int rest = grid.size() - chosen.size();
        for (int i = 0; i < Math.min(BEST, rest); i++) {
            chosen.add(grid.get(BEST + (int) ((long) i * rest / BEST)));
        }
        return chosen;
    }

    /**
     * Starts for losses close to those already fitted: the fitted place, and its exponents with coefficients of these losses. The latter
     * matters where the fit ended at E = 0, from where the slope does not lead away; nor does it where a term is flat or so steep that it
     * counts at one point only, so the exponents are bounded.
     */
    List<double[]> near(double[] fitted, double[] logLoss) {
        double[] start = fitted.clone();
        exponents.forEach((name, input) -> {
            int j = form.parameters().indexOf(name);
            double half = halfRange(points, input);
            if (!form.formula().signed().contains(name)) {
                start[j] = Math.clamp(start[j], Math.log(FLATTEST / half), Math.log(STEEPEST / half));
            }
        });
        projection.project(start, logLoss);
        return List.of(fitted, start);
    }

    private List<double[]> grid() {
        List<String> parameters = form.parameters();
        List<String> crossed = parameters.stream()
                .filter(name -> projection.searched().contains(name)
                        || form.start().filter(simpler -> !simpler.parameters().contains(name)).isPresent())
                .toList();
        List<List<Double>> choices = crossed.stream().map(name -> choices(name, crossed.size() == 1)).toList();
        long all = choices.stream().mapToLong(List::size).reduce(1, Math::multiplyExact);
        var draws = Philox.of(1, "starts");
        var grid = new ArrayList<double[]>();
        for (int i = 0; i < Math.min(all, GRID); i++) {
            long place = all <= GRID ? i : (long) (draws.uniform(i) * all);
            double[] theta = new double[parameters.size()];
            for (int k = 0; k < crossed.size(); k++) {
                double value = choices.get(k).get((int) (place % choices.get(k).size()));
                place /= choices.get(k).size();
                theta[parameters.indexOf(crossed.get(k))] = form.formula().signed().contains(crossed.get(k))
                        ? value
                        : Math.log(value);
            }
            grid.add(theta);
        }
        return grid;
    }

    private List<Double> choices(String parameter, boolean alone) {
        if (form.search().containsKey(parameter)) {
            return form.search().getOrDefault(parameter, List.of());
        }
        if (form.formula().inExponents().contains(parameter)) {
            double unit = Optional.ofNullable(exponents.get(parameter))
                    .map(input -> Math.max(1, NARROWEST / halfRange(points, input))).orElse(1.0);
            return DoubleStream.of(alone ? EXPONENTS_ALONE : EXPONENTS_CROSSED).map(value -> value * unit).boxed()
                    .toList();
        }
        return anywhere(form.formula());
    }

    /** What may be of the size of an input, or near 1. */
    private List<Double> anywhere(Formula formula) {
        DoubleStream within = formula.inputs().stream().flatMapToDouble(input -> {
            DoubleSummaryStatistics range = logs(points, input);
            return DoubleStream.of(SHARES)
                    .map(share -> Math.exp(range.getMin() + share * (range.getMax() - range.getMin())));
        });
        boolean scale = formula.inputs().size() == 1;
        return DoubleStream.concat(within, scale ? DoubleStream.empty() : DoubleStream.of(ANY)).boxed().toList();
    }

    /** Half the range of log x over the points. */
    static double halfRange(List<Point> points, String input) {
        DoubleSummaryStatistics range = logs(points, input);
        return (range.getMax() - range.getMin()) / 2;
    }

    private static DoubleSummaryStatistics logs(List<Point> points, String input) {
        return points.stream().mapToDouble(point -> Math.log(point.at(input))).filter(Double::isFinite)
                .summaryStatistics();
    }
}
