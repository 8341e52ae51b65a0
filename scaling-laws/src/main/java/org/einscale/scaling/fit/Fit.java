package org.einscale.scaling.fit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Inputs;
import org.einscale.scaling.law.Law;

/**
 * A law fitted to points: the smallest sum of Huber losses (delta = 1e-3) of log residuals, sought from many starts (Hoffmann et al. 2022,
 * appendix D.3; summed rather than averaged as Besiroglu et al. 2024 recommend). The same points in the same order always give the same
 * numbers.
 *
 * @param law the fitted law
 * @param points the points fitted
 * @param objective the sum of Huber losses
 * @param residuals log of predicted over measured loss, for each point
 * @param rSquared share of the variance of log loss that the law explains; NaN where all losses are equal
 * @param starts number of searches
 * @param reached how many of them ended at the lowest value found
 * @param determination what the points leave open there
 */
public record Fit(Law law, List<Point> points, double objective, double[] residuals, double rSquared, int starts,
        int reached, Determination determination) {

    private static final int DISTINCT = 3;
    private static final double NOTHING = 14;
    /** Searches that end so near the lowest, relative to it or to residuals of a thousandth of delta, have reached it. */
    private static final double SAME = 1e-6;
    private static final double ALL_BUT_NOTHING = 1e-6 * HuberObjective.DELTA * HuberObjective.DELTA;

    /**
     * Fits a law.
     *
     * @param form which law
     * @param points at least three distinct values of each input and as many points as parameters
     * @throws ScalingException for too few points or a point with an input or loss that is not positive and finite
     */
    public static Fit of(Form form, List<Point> points) {
        check(form, points);
        double[] logLoss = logLoss(points);
        HuberObjective objective = objective(form, points, logLoss, ones(points.size()));
        List<Descent.End> ends = new Starts(form, points).of(objective, logLoss).stream()
                .map(start -> Descent.from(objective, start, Descent.Effort.FAR)).toList();
        Descent.End lowest = ends.stream().min(Comparator.comparingDouble(Descent.End::value)).orElseThrow();
        Descent.End best = Descent.from(objective, lowest.theta(), Descent.Effort.THOROUGH);
        long reached = ends.stream()
                .filter(end -> end.value() <= best.value() * (1 + SAME) + ALL_BUT_NOTHING * points.size()).count();
        double[] residuals = form.formula().over(points, form.parameters()).evaluate(best.theta()).clone();
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] -= logLoss[i];
        }
        return new Fit(law(form, best.theta(), logLoss), List.copyOf(points), best.value(), residuals,
                rSquared(logLoss, residuals), ends.size(), (int) reached,
                Determination.of(form, points, logLoss, best, reached));
    }

    /** Whether the best search ended at a minimum of its own: what {@link Determination#problem} denies. */
    public boolean converged() {
        return determination.problem().isEmpty();
    }

    /** The law's form. */
    public Form form() {
        return law.form();
    }

    /** The law at a place; floors so low, against the lowest loss, that they count for nothing are 0. */
    static Law law(Form form, double[] theta, double[] logLoss) {
        double[] settled = theta.clone();
        double lowest = Arrays.stream(logLoss).min().orElse(0);
        for (String floor : form.formula().floors()) {
            int j = form.parameters().indexOf(floor);
            settled[j] = theta[j] < lowest - NOTHING ? Double.NEGATIVE_INFINITY : theta[j];
        }
        return Law.at(form, settled);
    }

    /**
     * Points beyond the number of parameters, from which the scatter is known.
     *
     * @throws ScalingException where there are none
     */
    int degreesOfFreedom() {
        int parameters = form().parameters().size();
        if (points.size() <= parameters) {
            throw new ScalingException(
                    String.format(Locale.ROOT,
                            "intervals for the %d parameters of the %s law need at least %d points, found %d",
                            parameters, form().name(), parameters + 1, points.size()));
        }
        return points.size() - parameters;
    }

    double[] theta() {
        return law.theta().stream().mapToDouble(Double::doubleValue).toArray();
    }

    static HuberObjective objective(Form form, List<Point> points, double[] logLoss, double[] weights) {
        return new HuberObjective(form.formula().over(points, form.parameters()), form.parameters().size(), logLoss,
                weights);
    }

    static double[] logLoss(List<Point> points) {
        return points.stream().mapToDouble(point -> Math.log(point.loss())).toArray();
    }

    static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static double rSquared(double[] logLoss, double[] residuals) {
        double mean = Arrays.stream(logLoss).average().orElse(0);
        double total = Arrays.stream(logLoss).map(log -> (log - mean) * (log - mean)).sum();
        boolean equal = Arrays.stream(logLoss).distinct().count() == 1;
        return equal ? Double.NaN : 1 - Lbfgs.dot(residuals, residuals) / total;
    }

    /** @throws ScalingException for a point with an input or loss that is not positive and finite */
    static void checkEach(Form form, List<Point> points) {
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            for (String input : form.formula().inputs()) {
                double value = point.at(input);
                boolean zero = input.equals("s") && value == 0;
                if (!zero) {
                    positive(i, point, Inputs.name(input), value);
                }
            }
            positive(i, point, "loss", point.loss());
        }
    }

    private static void check(Form form, List<Point> points) {
        checkEach(form, points);
        for (String input : form.formula().inputs()) {
            long distinct = points.stream().mapToDouble(point -> point.at(input)).map(Math::log).distinct().count();
            int needed = form.formula().exponents().containsValue(input) ? DISTINCT : 2;
            if (distinct < needed) {
                throw new ScalingException(
                        String.format(Locale.ROOT,
                                "a fit needs at least %d different values of the %s, found %d in %d point(s)",
                                needed, Inputs.name(input), distinct, points.size()));
            }
        }
        if (points.size() < form.parameters().size()) {
            throw new ScalingException(String.format(
                    Locale.ROOT, "the %s law has %d parameters and needs at least as many points, found %d",
                    form.name(), form.parameters().size(), points.size()));
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
