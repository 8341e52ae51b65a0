package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Inputs;

/** What makes the parameters of a fit less sure than they look, in words. */
final class Weaknesses {

    private static final int FEW = 3;
    private static final double SHORT = 10;
    private static final double WIDE = 2;
    private static final double CORRELATED = 0.98;
    private static final double ILL = 1e3;
    private static final int FEW_RUNS = 20;

    private Weaknesses() {
    }

    /** A sentence each, the gravest kind first; none for a fit that is sure. */
    static List<String> of(Fit fit, Intervals intervals, Covariance covariance, double level) {
        var words = new ArrayList<String>();
        if (!fit.converged()) {
            words.add("not converged: " + fit.determination().problem());
        }
        fewPoints(fit, intervals, words);
        shortRanges(fit, words);
        wideIntervals(fit, intervals, level, words);
        if (fit.converged()) {
            correlated(fit, covariance, words);
        }
        return List.copyOf(words);
    }

    private static void fewPoints(Fit fit, Intervals intervals, List<String> words) {
        int points = fit.points().size();
        int parameters = fit.form().parameters().size();
        if (points - parameters < FEW) {
            words.add(String.format(Locale.ROOT, "too few points: %d for %d parameters, so that the scatter is guessed"
                    + " from %d", points, parameters, points - parameters));
        }
        long runs = fit.points().stream().map(Point::run).filter(run -> !run.isEmpty()).distinct().count();
        if (intervals instanceof Bootstrap && runs > 0 && runs < FEW_RUNS) {
            words.add(String.format(Locale.ROOT, "few runs: %d, from which a bootstrap of runs gives intervals that"
                    + " are too narrow", runs));
        }
    }

    private static void shortRanges(Fit fit, List<String> words) {
        for (String input : Set.copyOf(fit.form().formula().exponents().values()).stream().sorted().toList()) {
            double factor = Math.exp(2 * Starts.halfRange(fit.points(), input));
            if (factor < SHORT) {
                words.add(String.format(Locale.ROOT,
                        "short range: the %s spans a factor of %s; an exponent asks for %s or more",
                        Inputs.name(input), Figures.count(factor, 2), Figures.count(SHORT)));
            }
        }
    }

    private static void wideIntervals(Fit fit, Intervals intervals, double level, List<String> words) {
        for (String name : fit.form().formula().exponents().keySet()) {
            if (fit.determination().determines(name) && !fit.form().formula().signed().contains(name)) {
                Interval log = intervals.parameter(name, level);
                if (log.high() - log.low() > 2 * Math.log(WIDE)) {
                    words.add("wide interval: " + name + " may lie anywhere in " + log.textOfLogs());
                }
            }
        }
        for (String floor : fit.form().formula().floors()) {
            if (fit.determination().determines(floor) && intervals.parameter(floor, level).low() < fit.theta()[fit
                    .form().parameters().indexOf(floor)] - Math.log(SHORT)) {
                words.add("no floor seen: " + floor + " may be as good as 0");
            }
        }
    }

    private static void correlated(Fit fit, Covariance covariance, List<String> words) {
        Form form = fit.form();
        List<String> names = form.parameters();
        for (int j = 0; j < names.size(); j++) {
            for (int k = 0; k < j; k++) {
                double correlation = covariance.correlation(names.get(k), names.get(j));
                // A coefficient lies at x = 1, far from the points, and always moves with its exponent.
                boolean always = form.formula().together(names.get(k), names.get(j))
                        || form.formula().coefficients().contains(names.get(j)) && !form.formula().floors()
                                .contains(names.get(j))
                        || form.formula().coefficients().contains(names.get(k)) && !form.formula().floors()
                                .contains(names.get(k));
                if (Math.abs(correlation) > CORRELATED && !always) {
                    words.add(String.format(Locale.ROOT,
                            "correlated: %s and %s (%.3f), of which one makes up for the other",
                            names.get(k), names.get(j), correlation));
                }
            }
        }
        if (covariance.condition() > ILL) {
            words.add(String.format(Locale.ROOT, "ill conditioned: %s; some mixture of parameters is barely determined",
                    Figures.count(covariance.condition(), 2)));
        }
    }
}
