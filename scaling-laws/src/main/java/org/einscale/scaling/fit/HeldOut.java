package org.einscale.scaling.fit;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.Prediction;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;

/**
 * A law fitted without the largest runs, and what it says about them. A law is worth what it predicts.
 *
 * @param fit the fit to the other runs
 * @param intervals its uncertainty
 * @param level share of the intervals, such as 0.95
 * @param predictions the scales held out, from the smallest to the largest
 */
public record HeldOut(Fit fit, Intervals intervals, double level, List<Prediction> predictions) {

    /** Share of all intervals reported. */
    public static final double LEVEL = 0.95;

    /** With several inputs, one run in so many is held out. */
    private static final int ONE_IN = 10;

    /** The interval of a parameter, or that the points do not determine it. */
    public String intervalText(String parameter) {
        return text(fit, intervals, parameter, level);
    }

    static String text(Fit fit, Intervals intervals, String parameter, double level) {
        if (!fit.determination().determines(parameter)) {
            return "undetermined";
        }
        Interval interval = intervals.parameter(parameter, level);
        return fit.form().formula().signed().contains(parameter) ? interval.text() : interval.textOfLogs();
    }

    /** What makes the parameters less sure than they look, a sentence each. */
    public List<String> weaknesses() {
        return Weaknesses.of(fit, intervals, Covariance.of(fit), level);
    }

    /** The largest scale held out. */
    public Prediction prediction() {
        return predictions.getLast();
    }

    /** Mean over the scales held out of the absolute relative error. */
    public double meanError() {
        return predictions.stream().mapToDouble(p -> Math.abs(p.relativeError())).average().orElse(Double.NaN);
    }

    /** Largest absolute relative error. */
    public double largestError() {
        return predictions.stream().mapToDouble(p -> Math.abs(p.relativeError())).max().orElse(Double.NaN);
    }

    /**
     * The runs held out unless told otherwise: for a law of one input all runs of its largest value; for others the tenth with most
     * compute, by C where it is known, else by N D, else those of the lowest loss.
     */
    public static List<Point> largest(Form form, List<Point> points) {
        List<String> inputs = form.formula().inputs();
        if (inputs.size() == 1) {
            double largest = points.stream().mapToDouble(p -> p.at(inputs.getFirst())).max().orElse(0);
            return points.stream().filter(p -> p.at(inputs.getFirst()) == largest).toList();
        }
        double least = points.stream().map(HeldOut::compute).sorted(Comparator.reverseOrder())
                .skip(Math.max(0, points.size() / ONE_IN - 1)).findFirst().orElse(0.0);
        return points.stream().filter(p -> compute(p) >= least).toList();
    }

    private static double compute(Point point) {
        double product = Math.log(point.n()) + Math.log(point.tokens());
        double compute = Double.isNaN(point.at("c")) ? product : Math.log(point.at("c"));
        return Double.isNaN(compute) ? -point.loss() : compute;
    }

    /** Holds out the {@link #largest} runs of points. */
    public static HeldOut of(Form form, List<Point> points, Draws draws) {
        Fit.checkEach(form, points);
        return of(form, points, largest(form, points), draws);
    }

    /**
     * Holds out points, fits the rest, and predicts.
     *
     * @param form which law
     * @param points all points
     * @param held those of them held out
     * @throws ScalingException where too few points remain, or a point is not positive and finite
     */
    public static HeldOut of(Form form, List<Point> points, List<Point> held, Draws draws) {
        Fit.checkEach(form, points);
        List<Point> rest = points.stream().filter(point -> !held.contains(point)).toList();
        int needed = form.parameters().size() + 1;
        if (rest.size() < needed || held.isEmpty()) {
            throw new ScalingException(String.format(Locale.ROOT,
                    "too few points to fit: %d in all, %d left without the largest size (N = %s), which is always held out; needed: %d",
                    points.size(), rest.size(),
                    Figures.count(held.stream().mapToDouble(Point::n).max().orElse(0)), needed));
        }
        Fit fit = Fit.of(form, rest);
        Intervals intervals = Intervals.of(draws.of(fit));
        Map<Map<String, Double>, List<Point>> scales = held.stream()
                .sorted(Comparator.comparingDouble(HeldOut::compute))
                .collect(Collectors.groupingBy(Point::at, LinkedHashMap::new, Collectors.toList()));
        return new HeldOut(fit, intervals, LEVEL,
                scales.values().stream().map(scale -> predict(fit, intervals, scale)).toList());
    }

    private static Prediction predict(Fit fit, Intervals intervals, List<Point> scale) {
        Point at = scale.getFirst();
        double measured = scale.stream().mapToDouble(Point::loss).average().orElse(Double.NaN);
        return new Prediction(at.at(), fit.law().loss(at.at()), intervals.measurement(at, LEVEL), measured);
    }
}
