package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.einscale.scaling.Interval;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminationTest {

    /** Points such as {@code "7e9 2.10, 8e9 2.00"}. */
    private static List<Point> points(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).map(pair -> pair.split(" "))
                .map(pair -> new Point(Double.parseDouble(pair[0]), Double.parseDouble(pair[1]))).toList();
    }

    @Tag("once")
    @Test
    void aTermTooSteepForADoubleStillPredicts() {
        var result = HeldOut.of(Power.N, points("7e9 2.10, 8e9 2.00, 1.3e10 2.01, 3.4e10 2.00, 7e10 1.99"),
                new Draws(300, 1, false));
        var law = result.fit().law();

        assertThat(law.value("A")).isInfinite();
        assertThat(law.theta().get(1)).isFinite();
        assertThat(result.prediction().predicted()).isCloseTo(2.001, within(5e-4));
        assertThat(result.prediction().interval().low()).isBetween(1.85, 2.001);
        assertThat(result.prediction().interval().high()).isBetween(2.001, 2.15);
        assertThat(result.fit().converged()).isFalse();
        assertThat(result.fit().determination().problem()).startsWith("alpha grows without bound");
        assertThat(result.fit().determination().determines("E")).isTrue();
        assertThat(result.fit().determination().determines("alpha")).isFalse();
        var study = Study.of(Power.N, points("7e9 2.10, 8e9 2.00, 1.3e10 2.01, 3.4e10 2.00, 7e10 1.99"), List.of(),
                new Draws(100, 1, false));
        assertThat(new FitReport(study).table()).contains("10^", "undetermined", "NOT CONVERGED: alpha grows")
                .doesNotContain("NaN", "Infinity");
        assertThat(new FitReport(study).json()).contains("\"log10\"", "\"converged\" : false").doesNotContain("NaN");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.03, 0.3})
    void sizesCloseTogetherAreAProblemLikeAnyOther(double width) {
        double alpha = 1.5 / width;
        var law = new Law(Power.N, List.of(Math.log(2), Math.log(0.3) + alpha * Math.log(1e9), Math.log(alpha)));
        List<Point> points = DoubleStream.of(0, 0.2, 0.4, 0.6, 0.8, 1).map(share -> 1e9 * Math.exp(width * share))
                .mapToObj(n -> new Point(n, law.loss(n))).toList();
        var result = HeldOut.of(Power.N, points, new Draws(50, 1, false));

        assertThat(result.fit().converged()).isTrue();
        assertThat(result.fit().law().irreducible()).isCloseTo(2, within(2e-3));
        assertThat(result.fit().law().value("alpha")).isCloseTo(alpha, within(1e-2 * alpha));
        assertThat(result.prediction().relativeError()).isCloseTo(0, within(1e-4));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1e6 2, 2e6 2.1, 4e6 2.2, 8e6 2.3, 1.6e7 2.4, 3.2e7 2.5 | the losses do not fall as the size N grows
            1e6 2, 2e6 2.01, 4e6 2.05, 8e6 2.2, 1.6e7 2.6          | the losses do not fall as the size N grows
            1e6 2, 2e6 2, 4e6 2, 8e6 2.3, 1.6e7 2.6                | the losses do not fall as the size N grows
            1e6 1.9, 2e6 2, 4e6 2, 8e6 2, 1.6e7 2                  | the losses do not fall as the size N grows
            1e6 2, 2e6 2, 4e6 2, 8e6 2, 1.6e7 2                    | all losses are equal, which determines nothing
            1 3.3, 2 3.3, 3 3.3, 4 3.3, 5 3.3, 6 2                 | all losses are equal, which determines nothing
            1e6 3, 2e6 2, 4e6 2, 8e6 2, 1.6e7 2                    | alpha grows without bound
            """)
    void aFitThatHasNoMinimumSaysWhy(String text, String problem) {
        var result = HeldOut.of(Power.N, points(text), new Draws(100, 1, false));

        assertThat(result.fit().converged()).isFalse();
        assertThat(result.fit().determination().problem()).startsWith(problem);
        assertThat(result.fit().determination().determines("A")).isFalse();
        assertThat(result.prediction().predicted()).isBetween(1.8, 3.4);
        assertThat(bootstrap(result).open()).isPositive();
        var study = Study.of(Power.N, points(text), List.of(), new Draws(100, 1, false));
        assertThat(new FitReport(study).table()).contains("without a minimum", problem)
                .doesNotContain("NaN");
    }

    @Test
    void equalLossesGiveNoNumberAnInterval() {
        var result = HeldOut.of(Power.N, points("1e6 2, 2e6 2, 4e6 2, 8e6 2, 1.6e7 2"), new Draws(20, 1, false));
        for (String name : List.of("E", "A", "alpha")) {
            assertThat(result.fit().determination().determines(name)).as(name).isFalse();
            assertThat(result.intervalText(name)).as(name).isEqualTo("undetermined");
        }
        assertThat(result.fit().rSquared()).isNaN();
        assertThat(bootstrap(result).open()).isEqualTo(20);
        assertThat(bootstrap(result).parameter("E", 0.95).exp().low()).isZero();
        assertThat(bootstrap(result).parameter("E", 0.95).exp().high()).isCloseTo(2, within(1e-9));
        assertThat(bootstrap(result).parameter("alpha", 0.95).exp())
                .isEqualTo(new Interval(0, Double.POSITIVE_INFINITY));
    }

    @Test
    void termsOfInputsInStepCannotBeToldApart() {
        var law = Law.of(Chinchilla.FORM, 1.8, 480, 0.3, 2100, 0.4);
        var points = new ArrayList<Point>();
        for (double n = 1e8; n < 1e11; n *= 3) {
            points.add(new Point(n, 20 * n, law.loss(n, 20 * n)));
        }
        var fit = Fit.of(Chinchilla.FORM, points);
        assertThat(fit.converged()).isFalse();
        assertThat(fit.determination().problem()).isEqualTo("the points do not determine A, alpha, B, beta");
    }

    @Test
    void anInputThatDoesNotMatterIsNamed() {
        var points = new ArrayList<Point>();
        for (double n : new double[]{1e8, 5e8, 2e9, 1e10}) {
            for (double d : new double[]{2e9, 1e10, 5e10, 3e11}) {
                points.add(new Point(n, d, 1.8 + 480 * Math.pow(n, -0.35)));
            }
        }
        var fit = Fit.of(Chinchilla.FORM, points);
        assertThat(fit.converged()).isFalse();
        assertThat(fit.determination().determines("beta")).isFalse();
        assertThat(fit.law().loss(3e9, 1e10)).isCloseTo(1.8 + 480 * Math.pow(3e9, -0.35), within(1e-4));
    }

    /** Whatever the points, no number reported is NaN, and every interval has its ends in order. */
    @Tag("once")
    @Test
    void noiseNeverBecomesNaN() {
        for (int seed = 0; seed < 12; seed++) {
            var random = Philox.of(seed, "points");
            double spread = Math.pow(10, -3 + 6 * random.uniform(100));
            var points = new ArrayList<Point>();
            for (int i = 0; i < 5 + seed % 4; i++) {
                points.add(new Point(1e8 * Math.exp(spread * random.uniform(i)), Math.exp(random.normal(50 + i))));
            }
            var result = HeldOut.of(Power.N, points, new Draws(60, seed, false));
            var study = Study.of(Power.N, points, List.of(), new Draws(60, seed, false));
            assertThat(new FitReport(study).table()).as("seed %d", seed).doesNotContain("NaN");
            for (String name : List.of("E", "A", "alpha")) {
                ordered(bootstrap(result).parameter(name, 0.95).exp());
            }
            ordered(result.prediction().interval());
            ordered(bootstrap(result).loss(new Point(2e8, Double.NaN), 0.95));
        }
    }

    private static Bootstrap bootstrap(HeldOut result) {
        return Bootstrap.of(result.fit(), 20, 1);
    }

    private static void ordered(Interval interval) {
        assertThat(interval.low()).isLessThanOrEqualTo(interval.high());
    }
}
