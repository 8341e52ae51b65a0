package org.einscale.scaling.fit;

import java.util.List;
import java.util.Locale;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;

/**
 * A law fitted to all sizes but the largest, and what it says about that one. A law is worth what it predicts, so the largest size
 * never takes part in the fit.
 *
 * @param fit the fit to the smaller sizes
 * @param bootstrap its uncertainty
 * @param level share of the intervals, such as 0.95
 * @param prediction the held-out size
 */
public record HeldOut(Fit fit, Bootstrap bootstrap, double level, Prediction prediction) {

    /** Share of all intervals reported. */
    public static final double LEVEL = 0.95;

    /** The interval of a parameter, or that the points do not determine it. */
    public String intervalText(String parameter) {
        if (!fit.determination().determines(parameter)) {
            return "undetermined";
        }
        Interval interval = bootstrap.parameter(parameter, level);
        return fit.form().formula().signed().contains(parameter) ? interval.text() : interval.textOfLogs();
    }

    /**
     * Holds out the largest size (every point of it), fits the rest, and predicts.
     *
     * @param form which law
     * @param points points of at least five sizes in the simplest case: one is held out, and intervals for the three parameters of
     *        {@link org.einscale.scaling.law.Power#N} need four
     * @param replicates number of bootstrap replicates
     * @param seed seed of the bootstrap
     * @throws ScalingException where too few points remain, or a point is not positive and finite
     */
    public static HeldOut of(Form form, List<Point> points, int replicates, long seed) {
        Fit.checkEach(form, points);
        double largest = points.stream().mapToDouble(Point::n).max().orElse(0);
        List<Point> rest = points.stream().filter(p -> p.n() < largest).toList();
        List<Point> held = points.stream().filter(p -> p.n() == largest).toList();
        int needed = form.parameters().size() + 1;
        if (rest.size() < needed) {
            throw new ScalingException(String.format(
                    Locale.ROOT,
                    "too few points to fit: %d in all, %d left without the largest size (N = %s), which is always held out; needed: %d",
                    points.size(), rest.size(), Figures.count(largest), needed));
        }
        Fit fit = Fit.of(form, rest);
        Bootstrap bootstrap = Bootstrap.of(fit, replicates, seed);
        Point at = held.getFirst();
        double measured = held.stream().mapToDouble(Point::loss).average().orElse(Double.NaN);
        return new HeldOut(fit, bootstrap, LEVEL,
                new Prediction(largest, at.tokens(), fit.law().loss(at.at()), bootstrap.measurement(at, LEVEL),
                        measured));
    }
}
