package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Broken;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Form;
import org.einscale.scaling.law.Kaplan;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.LowPrecision;
import org.einscale.scaling.law.Power;
import org.einscale.scaling.law.Repeated;
import org.einscale.scaling.law.Sparse;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FamilyTest {

    static Stream<Law> laws() {
        return Stream.of(Law.of(Power.C, 0.3, 60, 0.07), Law.of(Chinchilla.FORM, 1.8, 480, 0.35, 2100, 0.37),
                Law.of(Kaplan.FORM, 6.4e13, 0.076, 0.103, 1.8e13),
                Law.of(Repeated.FORM, 1.87, 521, 0.353, 1488, 0.353, 15.4, 5.3),
                Law.of(Sparse.FORM, 0.6, 17, 0.8, 0.39, 27, 410, 0.28),
                Law.of(LowPrecision.FORM, 2.76, 4299, 2.67, 0.4965, 18060, 0.4965),
                Law.of(Broken.N, 0.5, 30, 0.2, 3e7, 0.3, 0.25), Law.of(Broken.N, 0.5, 30, 0.4, 3e7, 0.3, -0.25),
                Law.of(Form.own("E + (A / n + B / d)^g * n^-k", Set.of()), 1.5, 1e5, 1e6, 0.4, 0.05));
    }

    /** Points on a grid of all inputs that a law has, moved a little so that no two values of an input are alike. */
    static List<Point> points(Law law, double noise, long seed) {
        List<String> inputs = law.form().formula().inputs();
        var random = Philox.of(seed, "points");
        var points = new ArrayList<Point>();
        int values = inputs.size() == 1 ? 24 : 5;
        for (int i = 0; i < Math.pow(values, Math.min(2, inputs.size())) * (inputs.size() > 2 ? 5 : 1); i++) {
            double n = 1e6 * Math.pow(3e3, (i % values + 0.3 * random.uniform(5L * i)) / (values - 1));
            double d = 2e7 * Math.pow(5e3, (i / values % values + 0.3 * random.uniform(5L * i + 1)) / (values - 1));
            var at = Map.of("n", n, "d", d, "c", 6 * n * n * 20, "u", d * Math.pow(0.02, random.uniform(5L * i + 2)),
                    "s", i % 4 * 0.28, "p", 2.0 + i % 7);
            double loss = law.loss(at) * Math.exp(noise * random.normal(5_000_000L + i));
            points.add(new Point(at, loss));
        }
        return points;
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("laws")
    void recoversTheLawThatMadeThePoints(Law law) {
        Fit fit = Fit.of(law.form(), points(law, 0, 1));
        assertThat(fit.determination().problem()).isEmpty();
        assertThat(fit.reached()).isGreaterThan(fit.starts() / 6);
        law.parameters().forEach(
                (name, value) -> assertThat(fit.law().value(name) / value).as(name).isCloseTo(1, within(1e-3)));
    }

    /** With noise, the lowest sum is below that of the law that made the points. */
    @Tag("once")
    @ParameterizedTest
    @MethodSource("laws")
    void fitsNoisyPointsBetterThanTheTruth(Law law) {
        List<Point> points = points(law, 0.003, 2);
        Fit fit = Fit.of(law.form(), points);
        double[] truth = law.theta().stream().mapToDouble(Double::doubleValue).toArray();
        assertThat(fit.objective()).isLessThan(Fit
                .objective(law.form(), points, Fit.logLoss(points), Fit.ones(points.size())).value(truth));
        assertThat(fit.reached()).isGreaterThan(1);
    }

    @Test
    void parametersThatAreSetStaySo() {
        Law law = Law.of(Chinchilla.FORM, 1.8, 480, 0.35, 2100, 0.37);
        Fit fit = Fit.of(Chinchilla.FORM.with(Map.of("E", "1.8", "beta", "alpha + 0.02")), points(law, 0, 1));
        assertThat(fit.law().parameters().keySet()).containsExactly("A", "alpha", "B");
        assertThat(fit.law().value("alpha")).isCloseTo(0.35, within(1e-4));
    }

    @Test
    void aLawWithoutFloorIsSaidToHaveNone() {
        Law law = Law.of(Power.N.with(Map.of("E", "0")), 9, 0.08);
        Fit fit = Fit.of(Power.N, points(law, 0, 1));
        assertThat(fit.converged()).isFalse();
        assertThat(fit.determination().problem()).startsWith("E ended at its bound, 0");
        assertThat(fit.law().value("E")).isZero();
        assertThat(Fit.of(law.form(), points(law, 0, 1)).converged()).isTrue();
    }
}
