package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static final Law LAW = Law.of(Power.N, 1.4, 100, 0.35);

    @Test
    void fewPointsDrawResidualsManyDrawPoints() {
        assertThat(Bootstrap.of(Fit.of(Power.N, FitTest.noisy(LAW, 0.01)), 10, 1).resampling())
                .isEqualTo(Bootstrap.Resampling.RESIDUALS);
        assertThat(Bootstrap.of(Fit.of(Power.N, many(40, 0.01, 1)), 10, 1).resampling())
                .isEqualTo(Bootstrap.Resampling.POINTS);
    }

    @Test
    void intervalsHoldTheEstimateAndWidenWithTheNoise() {
        var quiet = Bootstrap.of(Fit.of(Power.N, FitTest.noisy(LAW, 0.002)), 300, 1);
        var loud = Bootstrap.of(Fit.of(Power.N, FitTest.noisy(LAW, 0.02)), 300, 1);
        quiet.fit().law().parameters()
                .forEach((name, value) -> assertThat(quiet.parameter(name, 0.95).exp().contains(value)).as(name)
                        .isTrue());
        assertThat(width(loud.loss(new Point(1e7, Double.NaN), 0.95)))
                .isGreaterThan(3 * width(quiet.loss(new Point(1e7, Double.NaN), 0.95)));
        assertThat(width(quiet.measurement(new Point(5e5, Double.NaN), 0.95)))
                .isGreaterThan(width(quiet.loss(new Point(5e5, Double.NaN), 0.95)));
        assertThat(width(quiet.loss(new Point(1e7, Double.NaN), 0.95)))
                .isGreaterThan(width(quiet.loss(new Point(2e5, Double.NaN), 0.95)));
    }

    /** In repeated experiments the measurement interval should hold a new measurement about as often as its level says. */
    @Tag("once")
    @Test
    void measurementIntervalsCoverNewMeasurements() {
        int covered = 0;
        int experiments = 60;
        for (int seed = 0; seed < experiments; seed++) {
            var bootstrap = Bootstrap.of(Fit.of(Power.N, many(8, 0.01, seed)), 150, seed);
            double measured = LAW.loss(2e7) * Math.exp(0.01 * Philox.of(seed, "new").normal(0));
            covered += bootstrap.measurement(new Point(2e7, Double.NaN), 0.9).contains(measured) ? 1 : 0;
        }
        assertThat(covered / (double) experiments).isBetween(0.7, 1.0);
    }

    @Test
    void exactPointsGiveNarrowIntervals() {
        var exact = FitTest.noisy(LAW, 0);
        assertThat(width(Bootstrap.of(Fit.of(Power.N, exact), 50, 1).loss(new Point(1e7, Double.NaN), 0.95)))
                .isLessThan(1e-3);
    }

    @Test
    void sameSeedSameNumbers() {
        var fit = Fit.of(Power.N, FitTest.noisy(LAW, 0.01));
        assertThat(Bootstrap.of(fit, 50, 3).laws()).isEqualTo(Bootstrap.of(fit, 50, 3).laws())
                .isNotEqualTo(Bootstrap.of(fit, 50, 4).laws());
    }

    @Test
    void pointsOfOneRunAreDrawnTogether() {
        var alone = many(40, 0.01, 1);
        var runs = new ArrayList<Point>();
        for (int i = 0; i < alone.size(); i++) {
            for (int copy = 0; copy < 4; copy++) {
                runs.add(new Point(alone.get(i).at(), alone.get(i).loss(), "run " + i));
            }
        }
        var unaware = runs.stream().map(point -> new Point(point.at(), point.loss())).toList();
        Bootstrap once = Bootstrap.of(Fit.of(Power.N, alone), 200, 1);
        Bootstrap clustered = Bootstrap.of(Fit.of(Power.N, runs), 200, 1);
        assertThat(clustered.resampling()).isEqualTo(Bootstrap.Resampling.RUNS);
        assertThat(width(clustered.parameter("alpha", 0.95)) / width(once.parameter("alpha", 0.95))).as(
                "copies of points tell nothing new").isCloseTo(1, within(0.15));
        assertThat(width(Bootstrap.of(Fit.of(Power.N, unaware), 200, 1).parameter("alpha", 0.95)))
                .isLessThan(0.65 * width(clustered.parameter("alpha", 0.95)));
    }

    @Test
    void seedsAreDrawnWithinTheirScale() {
        var points = new ArrayList<Point>();
        for (Point point : FitTest.noisy(LAW, 0)) {
            for (double factor : new double[]{0.99, 1, 1.01}) {
                points.add(new Point(point.n(), factor * point.loss()));
            }
        }
        Bootstrap seeds = Bootstrap.of(Fit.of(Power.N, points), Bootstrap.Resampling.SEEDS, 100, 1);
        assertThat(seeds.open()).as("no size is ever left out").isZero();
        assertThat(seeds.parameter("alpha", 0.95).exp().contains(0.35)).isTrue();
    }

    @Test
    void percentilesInterpolate() {
        assertThat(Interval.percentile(new double[]{4, 1, 3, 2, 5}, 0.5)).isEqualTo(new Interval(2, 4));
        assertThat(Interval.percentile(new double[]{7}, 0.95)).isEqualTo(new Interval(7, 7));
        assertThat(Interval.percentile(new double[]{0, 1}, 0.5).low()).isCloseTo(0.25, within(1e-15));
    }

    @Test
    void infinityBringsNoNaNIntoAnInterval() {
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(Interval.percentile(new double[]{1, 2, infinity}, 0.5)).isEqualTo(new Interval(1.5, infinity));
        assertThat(Interval.percentile(new double[]{1, 2, 3, 4, infinity}, 0.5)).isEqualTo(new Interval(2, 4));
        assertThat(Interval.percentile(new double[]{-infinity, infinity}, 0.5))
                .isEqualTo(new Interval(-infinity, infinity));
        assertThat(Interval.percentile(new double[]{0, 1, 2}, new double[]{5, 1, infinity}, 1))
                .isEqualTo(new Interval(0, infinity));
    }

    @Test
    void asManyPointsAsParametersSayNothingOfTheNoise() {
        var fit = Fit.of(Power.N, List.of(new Point(1e4, 3), new Point(1e5, 2.2), new Point(1e6, 1.8)));
        assertThatThrownBy(() -> Bootstrap.of(fit, 10, 1)).isInstanceOf(ScalingException.class)
                .hasMessage("intervals for the 3 parameters of the power law need at least 4 points, found 3");
    }

    private static List<Point> many(int count, double scatter, int seed) {
        var noise = Philox.of(seed, "many");
        var points = new ArrayList<Point>();
        for (int i = 0; i < count; i++) {
            double n = 1e4 * Math.pow(1000, i / (count - 1.0));
            points.add(new Point(n, LAW.loss(n) * Math.exp(scatter * noise.normal(i))));
        }
        return points;
    }

    private static double width(Interval interval) {
        return interval.high() - interval.low();
    }
}
