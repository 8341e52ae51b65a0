package org.einscale.scaling.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Law;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.random.Philox;

/**
 * How far a fit can be trusted: the law fitted again to many resampled sets of points (Efron 1979), with percentile intervals.
 * <p>
 * With few points, as in a sweep of 5 to 10 sizes, the residuals are resampled: each size stays and its log loss becomes the fitted
 * one plus a residual drawn with replacement. Drawing whole points would leave out sizes, often the smallest or largest, and a law
 * of three parameters through the two or three sizes left is no statement about this sweep. It assumes that the relative scatter
 * is alike at all sizes. Residuals of a fit are smaller than the errors that made them, so they are centred and stretched by
 * sqrt(n / (n - p)) for n points and p parameters (Davison and Hinkley 1997, section 6.2). From {@value #CASES_FROM} points up, whole
 * points are drawn (Besiroglu et al. 2024), which does without that assumption.
 *
 * @param fit the fit in question
 * @param resampling what was drawn
 * @param seed seed of the draws
 * @param laws the law of each resampled set
 * @param determinations what each resampled set leaves open
 * @param noise log residuals, centred and stretched: the scatter of a single measurement
 * @param <L> the law
 */
public record Bootstrap<L extends Law>(Fit<L> fit, Resampling resampling, long seed, List<L> laws,
        List<Determination> determinations, double[] noise) {

    /** Resampled sets unless told otherwise. */
    public static final int REPLICATES = 1000;

    private static final int CASES_FROM = 30;

    /** What is drawn with replacement. */
    public enum Resampling {
        /** Log residuals, added to the fitted law at the same sizes. */
        RESIDUALS,
        /** Whole points. */
        CASES
    }

    /**
     * Resamples and fits again.
     *
     * @param fit a fit with more points than parameters
     * @param replicates number of resampled sets, positive
     * @param seed seed of the draws
     * @throws ScalingException where there are no more points than parameters, so that the scatter is unknown
     */
    public static <L extends Law> Bootstrap<L> of(Fit<L> fit, int replicates, long seed) {
        int points = fit.points().size();
        if (points <= fit.form().parameters()) {
            throw new ScalingException(
                    String.format(Locale.ROOT,
                            "intervals for the %d parameters of the %s law need at least %d points, found %d",
                            fit.form().parameters(), fit.form().name(), fit.form().parameters() + 1, points));
        }
        if (replicates < 1) {
            throw new ScalingException("the number of bootstrap replicates must be at least 1, found " + replicates);
        }
        Resampling resampling = points < CASES_FROM ? Resampling.RESIDUALS : Resampling.CASES;
        double[] noise = noise(fit);
        var objective = HuberObjective.of(fit.form(), fit.points());
        double[] fitted = objective.predict(fit.theta());
        var draws = Philox.of(seed, "bootstrap");
        var laws = new ArrayList<L>(replicates);
        var determinations = new ArrayList<Determination>(replicates);
        for (int b = 0; b < replicates; b++) {
            int[] drawn = draw(draws, (long) b * points, points);
            HuberObjective resampled = switch (resampling) {
                case RESIDUALS -> objective.withLogLoss(disturb(fitted, noise, drawn));
                case CASES -> objective.select(drawn);
            };
            Lbfgs.Minimum best = Fit.best(resampled, Starts.near(resampled, fit.theta()));
            laws.add(resampled.law(fit.form(), best.x()));
            determinations.add(Fit.determination(fit.form(), resampled, best));
        }
        return new Bootstrap<>(fit, resampling, seed, List.copyOf(laws), List.copyOf(determinations), noise);
    }

    private static double[] noise(Fit<?> fit) {
        double[] residuals = fit.residuals();
        double mean = Arrays.stream(residuals).average().orElse(0);
        double stretch = Math.sqrt(residuals.length / (double) (residuals.length - fit.form().parameters()));
        return Arrays.stream(residuals).map(r -> stretch * (mean - r)).toArray();
    }

    private static int[] draw(Philox draws, long from, int points) {
        int[] drawn = new int[points];
        for (int i = 0; i < points; i++) {
            drawn[i] = (int) (draws.uniform(from + i) * points);
        }
        return drawn;
    }

    private static double[] disturb(double[] fitted, double[] noise, int[] drawn) {
        double[] logLoss = fitted.clone();
        for (int i = 0; i < logLoss.length; i++) {
            logLoss[i] += noise[drawn[i]];
        }
        return logLoss;
    }

    /** Number of resampled sets that leave a parameter open: there is no minimum, or more than one. */
    public long open() {
        return determinations.stream().filter(determination -> !determination.open().isEmpty()).count();
    }

    /**
     * The interval of a parameter named as in {@link Law#parameters}. A resampled set that leaves it open counts as the least value that
     * it allows at the low end and as the greatest at the high end, which may be infinite.
     */
    public Interval parameter(String name, double level) {
        if (fit.law().logCoefficients().containsKey(name)) {
            Interval log = logCoefficient(name, level);
            return new Interval(Math.exp(log.low()), Math.exp(log.high()));
        }
        return interval(name, law -> law.parameters().getOrDefault(name, Double.NaN), level);
    }

    /** The same for the natural logarithm of a coefficient named as in {@link Law#logCoefficients}. */
    public Interval logCoefficient(String name, double level) {
        return interval(name, law -> law.logCoefficients().getOrDefault(name, Double.NaN), level);
    }

    /** Where the law itself lies at a scale: the band of a plot, in nats per token. */
    public Interval loss(double n, double tokens, double level) {
        return interval(law -> law.loss(n, tokens), level);
    }

    /** Where one new measurement at a scale is expected: the law's uncertainty with the scatter of a single run added. */
    public Interval measurement(double n, double tokens, double level) {
        var draws = Philox.of(seed, "measurement");
        double[] samples = new double[laws.size()];
        for (int b = 0; b < samples.length; b++) {
            samples[b] = laws.get(b).loss(n, tokens) * Math.exp(noise[(int) (draws.uniform(b) * noise.length)]);
        }
        return Interval.percentile(samples, level);
    }

    private Interval interval(String name, ToDoubleFunction<L> of, double level) {
        double[] lows = new double[laws.size()];
        double[] highs = new double[laws.size()];
        for (int b = 0; b < lows.length; b++) {
            double value = of.applyAsDouble(laws.get(b));
            Interval reach = determinations.get(b).open().getOrDefault(name, new Interval(value, value));
            lows[b] = reach.low();
            highs[b] = reach.high();
        }
        return Interval.percentile(lows, highs, level);
    }

    private Interval interval(ToDoubleFunction<L> of, double level) {
        return Interval.percentile(laws.stream().mapToDouble(of).toArray(), level);
    }
}
