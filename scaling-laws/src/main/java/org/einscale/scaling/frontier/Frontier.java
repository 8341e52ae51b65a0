package org.einscale.scaling.frontier;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
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
 * @param lowest approach 1: the best run of each budget
 * @param parabola approach 2: the minimum of a parabola through the runs of each budget; empty where fewer than two have one
 * @param law approach 3: by the law
 * @param budgets number of budgets with four runs or more
 */
public record Frontier(Way lowest, Optional<Way> parabola, Way law, int budgets) {

    private static final double LEVEL = 0.95;
    private static final int RESAMPLED = 400;
    private static final double FLAGGED = 0.01;

    /**
     * What one approach finds.
     *
     * @param growth of the best size
     * @param exponent its interval, by a bootstrap of points within their budgets, or of the law
     * @param bias what it finds too much of the exponent when the law is the truth; 0 for the law itself
     */
    public record Way(Growth growth, Interval exponent, double bias) {

        /** Whether the bias is worth a warning. */
        public boolean biased() {
            return Math.abs(bias) > FLAGGED;
        }
    }

    /**
     * Looks at runs and at the law fitted to them.
     *
     * @param points runs with n and d, or c
     * @param bootstrap a law of n and d, with its resampled ones
     * @throws ScalingException where fewer than two budgets have four runs or more
     */
    public static Frontier of(List<Point> points, Bootstrap bootstrap) {
        List<List<Point>> budgets = Budgets.of(points);
        if (budgets.size() < 2) {
            throw new ScalingException("a frontier needs at least 2 budgets of compute with 4 runs or more each, found "
                    + budgets.size() + " in " + points.size() + " run(s)");
        }
        Law law = bootstrap.fit().law();
        double least = Budgets.compute(budgets.getFirst().getFirst());
        double most = Budgets.compute(budgets.getLast().getLast());
        Growth exact = growth(law, least, most);
        List<List<Point>> byTheLaw = budgets.stream().map(budget -> measured(law, budget)).toList();
        Function<List<List<Point>>, Optional<Growth>> first = sets -> line(
                sets.stream().map(Budgets::lowest).toList());
        Function<List<List<Point>>, Optional<Growth>> second = sets -> line(
                sets.stream().flatMap(set -> Budgets.parabola(set).stream()).toList());
        double[] exponents = bootstrap.laws().parallelStream().mapToDouble(one -> growth(one, least, most).exponent())
                .toArray();
        return new Frontier(way(first, budgets, byTheLaw, exact, bootstrap.seed()).orElseThrow(),
                way(second, budgets, byTheLaw, exact, bootstrap.seed()),
                new Way(exact, Interval.percentile(exponents, LEVEL), 0), budgets.size());
    }

    private static Growth growth(Law law, double least, double most) {
        return Growth.through(IntStream.range(0, 5).mapToDouble(i -> least * Math.pow(most / least, i / 4.0))
                .mapToObj(c -> new Growth.Best(c, Optimum.of(law, c).n())).toList());
    }

    private static List<Point> measured(Law law, List<Point> budget) {
        double[] losses = law.losses(budget);
        return IntStream.range(0, losses.length)
                .mapToObj(i -> new Point(budget.get(i).at(), losses[i], budget.get(i).run())).toList();
    }

    private static Optional<Growth> line(List<Growth.Best> bests) {
        return bests.size() < 2 ? Optional.empty() : Optional.of(Growth.through(bests));
    }

    private static Optional<Way> way(Function<List<List<Point>>, Optional<Growth>> approach, List<List<Point>> budgets,
            List<List<Point>> byTheLaw, Growth exact, long seed) {
        double[] exponents = IntStream.range(0, RESAMPLED).parallel()
                .mapToObj(b -> approach.apply(resampled(budgets, Philox.of(seed, "frontier " + b))))
                .flatMap(Optional::stream).mapToDouble(Growth::exponent).toArray();
        double bias = approach.apply(byTheLaw).map(growth -> growth.exponent() - exact.exponent()).orElse(Double.NaN);
        return exponents.length == 0
                ? Optional.empty()
                : approach.apply(budgets)
                        .map(growth -> new Way(growth, Interval.percentile(exponents, LEVEL), bias));
    }

    private static List<List<Point>> resampled(List<List<Point>> budgets, Philox draws) {
        return IntStream.range(0, budgets.size()).mapToObj(i -> {
            List<Point> budget = budgets.get(i);
            return IntStream.range(0, budget.size())
                    .mapToObj(j -> budget.get((int) (draws.uniform(1_000L * i + j) * budget.size()))).toList();
        }).toList();
    }
}
