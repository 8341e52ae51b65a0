package org.einscale.scaling.frontier;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.law.Law;
import org.einscale.tensor.random.Philox;

/**
 * How the best size grows with compute, by all three approaches of Hoffmann et al. 2022, section 3. The first two are also asked about
 * losses that the law of the third gives at the scales measured: what they then find is known to be wrong by their own bias, as a parabola
 * is not the shape of a law's budget, and sizes tried lie unevenly about the best.
 *
 * @param envelope approach 1: the lowest training curve at each number of FLOPs; empty without curves that enclose two best sizes
 * @param lowest the same of whole runs alone: the best run of each budget; empty where there are fewer than two budgets
 * @param parabola approach 2: the minimum of a parabola through the runs of each budget; empty where fewer than two have one
 * @param law approach 3: by the law
 * @param curves number of training curves
 * @param budgets number of budgets with four runs or more
 */
public record Frontier(Optional<Way> envelope, Optional<Way> lowest, Optional<Way> parabola, Way law, int curves,
        int budgets) {

    private static final double LEVEL = 0.95;
    private static final int RESAMPLED = 400;
    private static final double FLAGGED = 0.01;

    /**
     * What one approach finds.
     *
     * @param growth of the best size
     * @param exponent its interval, by a bootstrap of runs, of points within their budgets, or of the law
     * @param bias what it finds too much of the exponent when the law is the truth; 0 for the law itself
     * @param bests the sizes that the growth is fitted to
     */
    public record Way(Growth growth, Interval exponent, double bias, List<Growth.Best> bests) {

        /** Whether the bias is worth a warning. */
        public boolean biased() {
            return Math.abs(bias) > FLAGGED;
        }
    }

    /**
     * Looks at runs and at the law fitted to them.
     *
     * @param points runs with n and d, or c
     * @param envelope their training curves
     * @param bootstrap a law of n and d, with its resampled ones
     * @throws ScalingException where fewer than two budgets have four runs or more, and there are fewer than three training curves
     */
    public static Frontier of(List<Point> points, Envelope envelope, Bootstrap bootstrap) {
        List<List<Point>> budgets = Budgets.of(points);
        if (budgets.size() < 2 && envelope.curves().size() < 3) {
            throw new ScalingException("a frontier needs at least 2 budgets of compute with 4 runs or more each, found "
                    + budgets.size() + " in " + points.size() + " run(s), or 3 training curves, found "
                    + envelope.curves().size());
        }
        Law law = bootstrap.fit().law();
        var range = points.stream().mapToDouble(Budgets::compute).summaryStatistics();
        List<Growth.Best> exact = bests(law, range.getMin(), range.getMax());
        double exponent = Growth.through(exact).exponent();
        List<List<Point>> byTheLaw = budgets.stream().map(budget -> Budgets.measured(law, budget)).toList();
        double[] exponents = bootstrap.laws().parallelStream()
                .mapToDouble(one -> Growth.through(bests(one, range.getMin(), range.getMax())).exponent()).toArray();
        IntFunction<List<List<Point>>> drawn = b -> resampled(budgets, Philox.of(bootstrap.seed(), "frontier " + b));
        return new Frontier(ofCurves(envelope, law, exponent, bootstrap.seed()),
                way(Budgets.lowest(budgets), b -> Budgets.lowest(drawn.apply(b)), () -> Budgets.lowest(byTheLaw),
                        exponent),
                way(Budgets.parabolas(budgets), b -> Budgets.parabolas(drawn.apply(b)),
                        () -> Budgets.parabolas(byTheLaw), exponent),
                new Way(Growth.through(exact), Interval.percentile(exponents, LEVEL), 0, exact),
                envelope.curves().size(), budgets.size());
    }

    /** Those that there are, in the order of the approaches. */
    public List<Way> ways() {
        return Stream.of(envelope, lowest, parabola, Optional.of(law)).flatMap(Optional::stream).toList();
    }

    /** Ten times the most compute of a run. */
    public double tenfold() {
        return 10 * law.bests().getLast().c();
    }

    private static List<Growth.Best> bests(Law law, double least, double most) {
        return IntStream.range(0, 5).mapToDouble(i -> least * Math.pow(most / least, i / 4.0))
                .mapToObj(c -> new Growth.Best(c, Optimum.of(law, c).n())).toList();
    }

    private static Optional<Way> ofCurves(Envelope envelope, Law law, double exact, long seed) {
        if (envelope.curves().isEmpty()) {
            return Optional.empty();
        }
        Envelope.Sampled sampled = envelope.sampled();
        int runs = sampled.sizes().length;
        return way(sampled.bests(sampled.all()), b -> {
            Philox draws = Philox.of(seed, "envelope " + b);
            return sampled.bests(IntStream.range(0, runs).map(i -> (int) (draws.uniform(i) * runs)).toArray());
        }, () -> envelope.by(law).sampled().bests(sampled.all()), exact);
    }

    /**
     * A way by the sizes that it finds best.
     *
     * @param drawn the same of a resampled set
     * @param byTheLaw the same of losses by the law
     * @param exact the exponent by the law
     */
    private static Optional<Way> way(List<Growth.Best> bests, IntFunction<List<Growth.Best>> drawn,
            Supplier<List<Growth.Best>> byTheLaw, double exact) {
        double[] exponents = IntStream.range(0, RESAMPLED).parallel().mapToObj(drawn).filter(Growth::isSeen)
                .mapToDouble(some -> Growth.through(some).exponent()).toArray();
        if (!Growth.isSeen(bests) || exponents.length == 0) {
            return Optional.empty();
        }
        List<Growth.Best> known = byTheLaw.get();
        double bias = Growth.isSeen(known) ? Growth.through(known).exponent() - exact : Double.NaN;
        return Optional.of(new Way(Growth.through(bests), Interval.percentile(exponents, LEVEL), bias, bests));
    }

    private static List<List<Point>> resampled(List<List<Point>> budgets, Philox draws) {
        return IntStream.range(0, budgets.size()).mapToObj(i -> {
            List<Point> budget = budgets.get(i);
            return IntStream.range(0, budget.size())
                    .mapToObj(j -> budget.get((int) (draws.uniform(1_000L * i + j) * budget.size()))).toList();
        }).toList();
    }
}
