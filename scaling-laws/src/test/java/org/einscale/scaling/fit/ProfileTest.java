package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileTest {

    private static final List<Point> POINTS = FitTest.noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.0005);

    @ParameterizedTest
    @CsvSource({"0.95, 1, 12.7062", "0.95, 2, 4.30265", "0.95, 3, 3.18245", "0.95, 4, 2.77645", "0.95, 36, 2.02809",
        "0.99, 7, 3.49948", "0.5, 1, 1"})
    void quantilesAreThoseOfTables(double probability, int freedom, double t) {
        assertThat(StudentT.quantile(probability, freedom)).isCloseTo(t, within(1e-5 * t));
    }

    /** A straight line in log L, for which textbooks have intervals in closed form. */
    @Test
    void isExactForAStraightLine() {
        Form line = Form.own("A * n^-signed(a)", Set.of());
        var random = Philox.of(1, "line");
        var points = new ArrayList<Point>();
        double[] x = new double[8];
        double[] y = new double[8];
        for (int i = 0; i < x.length; i++) {
            x[i] = 10 + i;
            // Below delta, where Huber losses are squares, so that both ways find the same line.
            y[i] = 3 - 0.1 * x[i] + 0.0003 * random.normal(i);
            points.add(new Point(Math.exp(x[i]), Math.exp(y[i])));
        }
        double meanX = 13.5;
        double sxx = 42;
        double slope = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanY += y[i] / x.length;
            slope += (x[i] - meanX) * y[i] / sxx;
        }
        double rss = 0;
        for (int i = 0; i < x.length; i++) {
            rss += Math.pow(y[i] - meanY - slope * (x[i] - meanX), 2);
        }
        double scatter = Math.sqrt(rss / 6);
        double t = StudentT.quantile(0.95, 6);
        Profile profile = Profile.of(Fit.of(line, points));
        assertThat(profile.scatter()).isCloseTo(scatter, within(1e-9));
        close(profile.parameter("a", 0.95), -slope, t * scatter / Math.sqrt(sxx));
        double at = meanY + slope * (20 - meanX);
        double leverage = 1 / 8.0 + Math.pow(20 - meanX, 2) / sxx;
        Point far = new Point(Math.exp(20), 1);
        close(log(profile.loss(far, 0.95)), at, t * scatter * Math.sqrt(leverage));
        close(log(profile.measurement(far, 0.95)), at, t * scatter * Math.sqrt(1 + leverage));
        Covariance covariance = Covariance.of(Fit.of(line, points));
        assertThat(covariance.standardError("a")).isCloseTo(scatter / Math.sqrt(sxx), within(1e-9));
        assertThat(covariance.correlation("A", "a")).isCloseTo(meanX / Math.sqrt(meanX * meanX + sxx / 8),
                within(1e-6));
    }

    private static Interval log(Interval interval) {
        return new Interval(Math.log(interval.low()), Math.log(interval.high()));
    }

    private static void close(Interval interval, double centre, double half) {
        assertThat(interval.low()).isCloseTo(centre - half, within(3e-3 * half));
        assertThat(interval.high()).isCloseTo(centre + half, within(3e-3 * half));
    }

    @Test
    void theSumOfSquaresAtAnEndIsTheLimit() {
        Profile profile = Profile.of(Fit.of(Power.N, POINTS));
        Interval alpha = profile.parameter("alpha", 0.95).exp();
        double t = StudentT.quantile(0.95, 6);
        double least = 6 * profile.scatter() * profile.scatter();
        for (double end : new double[]{alpha.low(), alpha.high()}) {
            Form held = Power.N.with(Map.of("alpha", Double.toString(end)));
            Profile there = Profile.of(Fit.of(held, POINTS));
            assertThat(7 * there.scatter() * there.scatter() / least).isCloseTo(1 + t * t / 6, within(2e-2));
        }
    }

    @Test
    void aFloorThatMayBeMissingReachesDownToZero() {
        Law law = Law.of(Power.N, 0.05, 9, 0.1);
        Profile profile = Profile.of(Fit.of(Power.N, FitTest.noisy(law, 0.004)));
        assertThat(profile.parameter("E", 0.95).exp().low()).isZero();
        assertThat(profile.parameter("E", 0.95).exp().high()).isBetween(0.05, 4.0);
    }

    @Test
    void sameNumbersEveryTime() {
        Profile profile = Profile.of(Fit.of(Power.N, POINTS));
        assertThat(profile.parameter("E", 0.95)).isEqualTo(profile.parameter("E", 0.95));
        assertThatThrownBy(() -> Profile.of(Fit.of(Power.N, POINTS.subList(0, 3))))
                .isInstanceOf(ScalingException.class).hasMessageContaining("need at least 4 points, found 3");
    }

    @Test
    void weaknessesAreWords() {
        Law law = Law.of(Power.N, 0.5, 9, 0.1);
        var points = new ArrayList<Point>();
        var random = Philox.of(4, "weak");
        for (double n : new double[]{1e6, 1.5e6, 2e6, 3e6, 5e6}) {
            points.add(new Point(n, law.loss(n) * Math.exp(0.004 * random.normal((long) n))));
        }
        Study study = Study.of(Power.N, points, List.of(), new Draws(20, 1, false));
        assertThat(study.weaknesses()).anyMatch(words -> words.startsWith("too few points: 5 for 3 parameters"))
                .anyMatch(words -> words.startsWith("short range: the size N spans a factor of 5"))
                .anyMatch(words -> words.contains("alpha"));
        var sure = FitTest.noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.0001);
        assertThat(Study.of(Power.N, sure, List.of(), new Draws(20, 1, false)).weaknesses()).isEmpty();
    }
}
