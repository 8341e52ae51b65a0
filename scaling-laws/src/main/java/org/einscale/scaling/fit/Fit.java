package org.einscale.scaling.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.einscale.scaling.Law;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;

/**
 * A law fitted to points: the smallest sum of Huber losses (delta = 1e-3) of log residuals, sought by L-BFGS from a grid of starts
 * (Hoffmann et al. 2022, appendix D.3; summed rather than averaged as Besiroglu et al. 2024 recommend). The same points in the same
 * order always give the same numbers.
 *
 * @param form the law's form
 * @param law the fitted law
 * @param points the points fitted
 * @param objective the sum of Huber losses
 * @param residuals log of predicted over measured loss, for each point
 * @param rSquared share of the variance of log loss that the law explains; NaN where all losses are equal
 * @param starts number of searches
 * @param determination what the points leave open there
 * @param theta the place found, in the coordinates of the objective
 * @param <L> the law
 */
public record Fit<L extends Law>(Form<L> form, L law, List<Point> points, double objective, double[] residuals,
        double rSquared, int starts,
        Determination determination, double[] theta) {

    private static final int DISTINCT = 3;
    private static final int POLISHES = 10;

    /**
     * Fits a law.
     *
     * @param form which law
     * @param points at least three distinct values of each input and as many points as parameters
     * @throws ScalingException for too few points or a point with a size or loss that is not positive and finite
     */
    public static <L extends Law> Fit<L> of(Form<L> form, List<Point> points) {
        check(form, points);
        var objective = HuberObjective.of(form, points);
        List<double[]> starts = Starts.grid(objective);
        Lbfgs.Minimum best = polish(objective, best(objective, starts));
        double[] residuals = objective.predict(best.x());
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] -= objective.logLoss(i);
        }
        return new Fit<>(form, objective.law(form, best.x()), List.copyOf(points), best.value(), residuals,
                rSquared(objective, residuals),
                starts.size(), determination(form, objective, best), best.x());
    }

    /** Whether the best search ended at a minimum of its own, with exponents above 0: what {@link Determination#problem} denies. */
    public boolean converged() {
        return determination.problem().isEmpty();
    }

    static Determination determination(Form<?> form, HuberObjective objective, Lbfgs.Minimum minimum) {
        return Determination.of(form, objective, minimum.x(), minimum.gradient() <= tolerance(objective, 1e-6));
    }

    /** The lowest of the searches from these starts; the earliest among equals. */
    static Lbfgs.Minimum best(HuberObjective objective, List<double[]> starts) {
        var search = new Lbfgs(10, 200, tolerance(objective, 1e-7));
        Lbfgs.Minimum best = search.minimise(objective, starts.getFirst());
        for (double[] start : starts.subList(1, starts.size())) {
            Lbfgs.Minimum minimum = search.minimise(objective, start);
            if (minimum.value() < best.value()) {
                best = minimum;
            }
        }
        return best;
    }

    /** Searches again from the best place, with fresh memory, until nothing is gained. */
    private static Lbfgs.Minimum polish(HuberObjective objective, Lbfgs.Minimum found) {
        var search = new Lbfgs(20, 2000, tolerance(objective, 1e-11));
        Lbfgs.Minimum best = found;
        for (int i = 0; i < POLISHES; i++) {
            Lbfgs.Minimum next = search.minimise(objective, best.x());
            boolean gained = next.value() < best.value();
            best = next;
            if (!gained) {
                break;
            }
        }
        return best;
    }

    /** A gradient relative to the largest that the Huber loss can have: delta for each point. */
    private static double tolerance(HuberObjective objective, double relative) {
        return relative * HuberObjective.DELTA * objective.points();
    }

    private static double rSquared(HuberObjective objective, double[] residuals) {
        if (objective.largestLogLoss() == objective.smallestLogLoss()) {
            return Double.NaN;
        }
        double mean = objective.meanLogLoss();
        double total = 0;
        for (int i = 0; i < residuals.length; i++) {
            total += Math.pow(objective.logLoss(i) - mean, 2);
        }
        return 1 - Arrays.stream(residuals).map(r -> r * r).sum() / total;
    }

    /** @throws ScalingException for a point with a size or loss that is not positive and finite */
    static void checkEach(Form<?> form, List<Point> points) {
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            for (Form.Input input : form.inputs()) {
                positive(i, point, input.name(), input.of().applyAsDouble(point));
            }
            positive(i, point, "loss", point.loss());
        }
    }

    private static void check(Form<?> form, List<Point> points) {
        checkEach(form, points);
        for (Form.Input input : form.inputs()) {
            long distinct = points.stream().mapToDouble(input.of()).map(Math::log).distinct().count();
            if (distinct < DISTINCT) {
                throw new ScalingException(
                        String.format(Locale.ROOT,
                                "a fit needs at least %d different values of the %s, found %d in %d point(s)",
                                DISTINCT, input.name(), distinct, points.size()));
            }
        }
        if (points.size() < form.parameters()) {
            throw new ScalingException(String.format(
                    Locale.ROOT, "the %s law has %d parameters and needs at least as many points, found %d",
                    form.name(),
                    form.parameters(), points.size()));
        }
    }

    private static void positive(int index, Point point, String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ScalingException(String.format(Locale.ROOT,
                    "point %d of the fit (N = %s, loss = %s): the %s must be positive and finite, found %s",
                    index + 1, point.n(), point.loss(), name, value));
        }
    }
}
