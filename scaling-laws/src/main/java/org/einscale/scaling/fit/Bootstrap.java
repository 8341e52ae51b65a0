package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Law;
import org.einscale.tensor.random.Philox;

/**
 * How far a fit can be trusted: the law fitted again to many resampled sets of points (Efron 1979), with percentile intervals. The sets
 * are fitted side by side, each from the fit, and do not depend on who fits which.
 *
 * @param fit the fit in question
 * @param resampling what was drawn
 * @param seed seed of the draws
 * @param laws the law of each resampled set
 * @param determinations what each resampled set leaves open
 * @param noise log residuals, centred and stretched: the scatter of a single measurement
 */
public record Bootstrap(Fit fit, Resampling resampling, long seed, List<Law> laws,
        List<Determination> determinations, double[] noise) implements Intervals {

    /** Resampled sets unless told otherwise. */
    public static final int REPLICATES = 1000;

    private static final int CASES_FROM = 30;

    /** What is drawn with replacement. */
    public enum Resampling {
        /**
         * Log residuals, added to the fitted law at the same scales. Drawing whole points of a sweep of 5 to 10 sizes would leave out
         * sizes, often the smallest or largest, and a law of three parameters through the two or three sizes left is no statement about
         * this sweep. It assumes that the relative scatter is alike at all scales. Residuals of a fit are smaller than the errors that
         * made them, so they are centred and stretched by sqrt(n / (n - p)) for n points and p parameters (Davison and Hinkley 1997,
         * section 6.2).
         */
        RESIDUALS,
        /** Whole points (Besiroglu et al. 2024), which does without that assumption. */
        POINTS,
        /** Whole runs, each with all its points, as points of one run are not independent (Davison and Hinkley 1997, section 3.8). */
        RUNS,
        /** Among the points of each scale, which differ by their seed alone. */
        SEEDS;

        /** What suits points: runs where points belong to some, whole points from {@value #CASES_FROM} points up, else residuals. */
        public static Resampling of(List<Point> points) {
            return points.stream().anyMatch(point -> !point.run().isEmpty())
                    ? RUNS
                    : points.size() < CASES_FROM ? RESIDUALS : POINTS;
        }
    }

    /** Resamples what suits the points, see {@link Resampling#of}. */
    public static Bootstrap of(Fit fit, int replicates, long seed) {
        return of(fit, Resampling.of(fit.points()), replicates, seed);
    }

    /**
     * Resamples and fits again.
     *
     * @param fit a fit with more points than parameters
     * @param replicates number of resampled sets, positive
     * @param seed seed of the draws
     * @throws ScalingException where there are no more points than parameters, so that the scatter is unknown
     */
    public static Bootstrap of(Fit fit, Resampling resampling, int replicates, long seed) {
        fit.degreesOfFreedom();
        if (replicates < 1) {
            throw new ScalingException("the number of bootstrap replicates must be at least 1, found " + replicates);
        }
        double[] noise = noise(fit);
        List<int[]> units = units(fit.points(), resampling);
        var refits = IntStream.range(0, replicates).parallel()
                .mapToObj(b -> refit(fit, resampling, units, noise, Philox.of(seed, "bootstrap"), b)).toList();
        return new Bootstrap(fit, resampling, seed, refits.stream().map(Refit::law).toList(),
                refits.stream().map(Refit::determination).toList(), noise);
    }

    private record Refit(Law law, Determination determination) {}

    private static Refit refit(Fit fit, Resampling resampling, List<int[]> units, double[] noise, Philox draws,
            int replicate) {
        Form form = fit.form();
        List<Point> points = fit.points();
        long from = (long) replicate * points.size();
        double[] logLoss = Fit.logLoss(points);
        double[] weights = Fit.ones(points.size());
        switch (resampling) {
            case RESIDUALS -> {
                for (int i = 0; i < logLoss.length; i++) {
                    logLoss[i] += fit.residuals()[i] + noise[(int) (draws.uniform(from + i) * noise.length)];
                }
            }
            case POINTS, RUNS -> {
                Arrays.fill(weights, 0);
                for (int i = 0; i < units.size(); i++) {
                    for (int point : units.get((int) (draws.uniform(from + i) * units.size()))) {
                        weights[point]++;
                    }
                }
            }
            case SEEDS -> {
                Arrays.fill(weights, 0);
                for (int[] unit : units) {
                    for (int i : unit) {
                        weights[unit[(int) (draws.uniform(from + i) * unit.length)]]++;
                    }
                }
            }
        }
        HuberObjective objective = Fit.objective(form, points, logLoss, weights);
        Descent.End best = new Starts(form, points).near(fit.theta(), logLoss).stream()
                .map(start -> Descent.from(objective, start, Descent.Effort.NEAR))
                .min(Comparator.comparingDouble(Descent.End::value)).orElseThrow();
        List<Point> drawn = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).mapToObj(points::get)
                .toList();
        double[] drawnLoss = IntStream.range(0, weights.length).filter(i -> weights[i] > 0)
                .mapToDouble(i -> logLoss[i]).toArray();
        return new Refit(Fit.law(form, best.theta(), drawnLoss),
                Determination.of(form, drawn, drawnLoss, best, Long.MAX_VALUE));
    }

    /** The points drawn together, or among which is drawn. */
    private static List<int[]> units(List<Point> points, Resampling resampling) {
        Function<Integer, Object> unit = switch (resampling) {
            case RESIDUALS, POINTS -> i -> i;
            case RUNS -> i -> points.get(i).run().isEmpty() ? i : points.get(i).run();
            case SEEDS -> i -> points.get(i).at();
        };
        Map<Object, List<Integer>> units = new LinkedHashMap<>();
        for (int i = 0; i < points.size(); i++) {
            units.computeIfAbsent(unit.apply(i), fresh -> new ArrayList<>()).add(i);
        }
        return units.values().stream().map(list -> list.stream().mapToInt(Integer::intValue).toArray()).toList();
    }

    private static double[] noise(Fit fit) {
        double[] residuals = fit.residuals();
        double mean = Arrays.stream(residuals).average().orElse(0);
        double stretch = Math.sqrt(residuals.length / (double) (residuals.length - fit.form().parameters().size()));
        return Arrays.stream(residuals).map(r -> stretch * (mean - r)).toArray();
    }

    /** Number of resampled sets that leave a parameter open: there is no minimum, or more than one. */
    public long open() {
        return determinations.stream().filter(determination -> !determination.open().isEmpty()).count();
    }

    /**
     * The interval of a parameter as the law keeps it, by its natural logarithm where positive. A resampled set that leaves it open counts
     * as the least value that it allows at the low end and as the greatest at the high end, which may be infinite.
     */
    @Override
    public Interval parameter(String name, double level) {
        int j = fit.form().parameters().indexOf(name);
        double[] lows = new double[laws.size()];
        double[] highs = new double[laws.size()];
        for (int b = 0; b < lows.length; b++) {
            double value = laws.get(b).theta().get(j);
            Interval reach = determinations.get(b).open().getOrDefault(name, new Interval(value, value));
            lows[b] = reach.low();
            highs[b] = reach.high();
        }
        return Interval.percentile(lows, highs, level);
    }

    /** Where the law itself lies at a scale, in nats per token. */
    @Override
    public Interval loss(Point at, double level) {
        return interval(law -> law.loss(at.at()), level);
    }

    /** Where one new measurement at a scale is expected: the law's uncertainty with the scatter of a single run added. */
    @Override
    public Interval measurement(Point at, double level) {
        var draws = Philox.of(seed, "measurement");
        double[] samples = new double[laws.size()];
        for (int b = 0; b < samples.length; b++) {
            samples[b] = laws.get(b).loss(at.at()) * Math.exp(noise[(int) (draws.uniform(b) * noise.length)]);
        }
        return Interval.percentile(samples, level);
    }

    @Override
    public String method() {
        return "bootstrap of " + resampling.name().toLowerCase(Locale.ROOT);
    }

    private Interval interval(ToDoubleFunction<Law> of, double level) {
        return Interval.percentile(laws.stream().mapToDouble(of).toArray(), level);
    }
}
