package org.einscale.scaling.fit;

import java.util.List;
import java.util.Locale;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Law;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;

/**
 * A law fitted to all sizes but the largest, and what it says about that one. A law is worth what it predicts, so the largest size
 * never takes part in the fit.
 *
 * @param fit the fit to the smaller sizes
 * @param bootstrap its uncertainty
 * @param level share of the intervals, such as 0.95
 * @param prediction the held-out size
 * @param <L> the law
 */
public record HeldOut<L extends Law>(Fit<L> fit, Bootstrap<L> bootstrap, double level, Prediction prediction) {

    /** Share of all intervals reported. */
    public static final double LEVEL = 0.95;

    /** The value of a parameter named as in {@link Law#parameters}; a power of ten where a coefficient leaves the range of a double. */
    public String text(String parameter) {
        Law law = fit.law();
        return law.logCoefficients().containsKey(parameter)
                ? Figures.ofLog(law.logCoefficients().get(parameter))
                : Figures.of(law.parameters().getOrDefault(parameter, Double.NaN));
    }

    /** Its interval, or that the points do not determine it. */
    public String intervalText(String parameter) {
        if (!fit.determination().determines(parameter)) {
            return "undetermined";
        }
        if (!fit.law().logCoefficients().containsKey(parameter)) {
            return bootstrap.parameter(parameter, level).text();
        }
        Interval log = bootstrap.logCoefficient(parameter, level);
        return "[" + Figures.ofLog(log.low()) + ", " + Figures.ofLog(log.high()) + "]";
    }

    /**
     * Holds out the largest size (every point of it), fits the rest, and predicts.
     *
     * @param form which law
     * @param points points of at least five sizes in the simplest case: one is held out, and intervals for the three parameters of
     *        {@link Form#POWER} need four
     * @param replicates number of bootstrap replicates
     * @param seed seed of the bootstrap
     * @throws ScalingException where too few points remain, or a point is not positive and finite
     */
    public static <L extends Law> HeldOut<L> of(Form<L> form, List<Point> points, int replicates, long seed) {
        Fit.checkEach(form, points);
        double largest = points.stream().mapToDouble(Point::n).max().orElse(0);
        List<Point> rest = points.stream().filter(p -> p.n() < largest).toList();
        List<Point> held = points.stream().filter(p -> p.n() == largest).toList();
        int needed = form.parameters() + 1;
        if (rest.size() < needed) {
            throw new ScalingException(String.format(
                    Locale.ROOT,
                    "too few points to fit: %d in all, %d left without the largest size (N = %s), which is always held out; needed: %d",
                    points.size(), rest.size(), Figures.count(largest), needed));
        }
        Fit<L> fit = Fit.of(form, rest);
        Bootstrap<L> bootstrap = Bootstrap.of(fit, replicates, seed);
        double tokens = held.getFirst().tokens();
        double measured = held.stream().mapToDouble(Point::loss).average().orElse(Double.NaN);
        return new HeldOut<>(fit, bootstrap, LEVEL,
                new Prediction(largest, tokens, fit.law().loss(largest, tokens),
                        bootstrap.measurement(largest, tokens, LEVEL), measured));
    }
}
