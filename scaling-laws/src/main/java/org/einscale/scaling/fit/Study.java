package org.einscale.scaling.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Inputs;

/**
 * A law fitted to all points, with all that says how far to trust it.
 *
 * @param fit the fit
 * @param bootstrap the law fitted to resampled sets
 * @param intervals the more reliable intervals, see {@link Intervals#of}
 * @param covariance what holds near the fit
 * @param held the largest runs predicted by the law fitted without them
 * @param weaknesses what makes the parameters less sure than they look, a sentence each
 * @param conventions what each input is, such as {@code C / (6 N)}; empty where there is nothing to tell
 */
public record Study(Fit fit, Bootstrap bootstrap, Intervals intervals, Covariance covariance, HeldOut held,
        List<String> weaknesses, Map<String, String> conventions) {

    private static final String COLUMN = "column '";

    /** Share of all intervals reported. */
    public static final double LEVEL = HeldOut.LEVEL;

    /**
     * Fits and checks.
     *
     * @param form which law
     * @param points all points
     * @param held those of them held out; the largest where empty, see {@link HeldOut#largest}
     * @throws ScalingException where points are too few, or one is not positive and finite
     */
    public static Study of(Form form, List<Point> points, List<Point> held, Draws draws) {
        Fit fit = Fit.of(form, points);
        HeldOut check = HeldOut.of(form, points, held.isEmpty() ? HeldOut.largest(form, points) : held, draws);
        Bootstrap bootstrap = draws.of(fit);
        Intervals intervals = Intervals.of(bootstrap);
        Covariance covariance = Covariance.of(fit);
        return new Study(fit, bootstrap, intervals, covariance, check,
                Weaknesses.of(fit, intervals, covariance, LEVEL), Map.of());
    }

    /** The same with what its inputs are. */
    public Study with(Map<String, String> conventions) {
        return new Study(fit, bootstrap, intervals, covariance, held, weaknesses,
                Collections.unmodifiableMap(new LinkedHashMap<>(conventions)));
    }

    /** What an input is; its symbol where there is nothing to tell. */
    public String convention(String input) {
        return conventions.getOrDefault(input, Inputs.symbol(input));
    }

    /** Conventions of the inputs of the law, and, where one of these is computed, of those that it is computed from. */
    public Map<String, String> lawConventions() {
        List<String> inputs = fit.form().formula().inputs();
        boolean computed = inputs.stream().map(input -> conventions.getOrDefault(input, COLUMN))
                .anyMatch(convention -> !convention.contains(COLUMN));
        var shown = new LinkedHashMap<>(conventions);
        shown.keySet().removeIf(input -> !computed && !inputs.contains(input));
        return shown;
    }

    /** The interval of a parameter, or that the points do not determine it. */
    public String intervalText(String parameter) {
        return HeldOut.text(fit, intervals, parameter, LEVEL);
    }
}
