package org.einscale.scaling.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.fit.Bootstrap;
import org.einscale.scaling.fit.Fit;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Kaplan;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {

    private static final Law LAW = Law.of(Chinchilla.FORM, 1.82, 482, 0.35, 2085, 0.37);

    /** Equation 4 of Hoffmann et al. 2022. */
    private static double closedForm(Law law, double c) {
        double alpha = law.value("alpha");
        double beta = law.value("beta");
        double g = Math.pow(alpha * law.value("A") / (beta * law.value("B")), 1 / (alpha + beta));
        return g * Math.pow(c / 6, beta / (alpha + beta));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e18, 1e21, 5.76e23, 1e26})
    void theBestSizeIsThatOfTheClosedForm(double c) {
        Optimum best = Optimum.of(LAW, c);
        assertThat(best.n() / closedForm(LAW, c)).isCloseTo(1, within(1e-5));
        assertThat(6 * best.n() * best.d() / c).isCloseTo(1, within(1e-12));
        assertThat(best.loss()).isEqualTo(LAW.loss(best.n(), best.d()));
    }

    @Test
    void anyLawOfSizeAndTokensHasABest() {
        Law kaplan = Law.of(Kaplan.FORM, 6.4e13, 0.076, 0.103, 1.8e13);
        Optimum best = Optimum.of(kaplan, 1e21);
        assertThat(best.loss()).isLessThan(kaplan.loss(best.n() * 1.1, best.d() / 1.1))
                .isLessThan(kaplan.loss(best.n() / 1.1, best.d() * 1.1));
        assertThatThrownBy(() -> Optimum.of(Law.of(Power.N, 1, 2, 0.3), 1e21)).isInstanceOf(ScalingException.class)
                .hasMessage("the best size for a budget asks for a law of n and d, such as chinchilla; found"
                        + " L(N) = E + A N^-alpha");
    }

    /** Budgets of sizes about the best, from 1 / spread of it to spread times it, moved further off with compute. */
    private static List<Point> budgets(Law law, double spread, double drift, double noise) {
        var random = Philox.of(2, "budgets");
        var points = new ArrayList<Point>();
        for (int b = 0; b < 6; b++) {
            double c = 1e18 * Math.pow(10, b * 0.6);
            for (int i = -4; i <= 4; i++) {
                double n = closedForm(law, c) * Math.pow(spread, i / 4.0) * Math.pow(drift, b);
                double d = c / (6 * n);
                points.add(new Point(n, d, law.loss(n, d) * Math.exp(noise * random.normal(points.size()))));
            }
        }
        return points;
    }

    private static Frontier frontier(List<Point> points) {
        return Frontier.of(points, Envelope.NONE, Bootstrap.of(Fit.of(Chinchilla.FORM, points), 40, 1));
    }

    @Test
    void allThreeAgreeCloseToTheBest() {
        Frontier frontier = frontier(budgets(LAW, 1.5, 1, 0));
        double exact = 0.37 / (0.35 + 0.37);
        assertThat(frontier.budgets()).isEqualTo(6);
        assertThat(frontier.law().growth().exponent()).isCloseTo(exact, within(1e-4));
        assertThat(frontier.lowest().orElseThrow().growth().exponent()).isCloseTo(exact, within(1e-9));
        Frontier.Way parabola = frontier.parabola().orElseThrow();
        assertThat(parabola.growth().exponent()).isCloseTo(exact, within(1e-3));
        assertThat(parabola.biased()).isFalse();
        assertThat(frontier.law().growth().n(1e21) / closedForm(LAW, 1e21)).isCloseTo(1, within(1e-3));
    }

    /** Sizes that lie off the best more and more bend the line of parabolas, though there is no noise at all. */
    @Tag("once")
    @Test
    void theBiasOfParabolasIsFoundAndFlagged() {
        double exact = 0.6 / (0.25 + 0.6);
        Law law = Law.of(Chinchilla.FORM, 1.82, 60, 0.25, 1e5, 0.6);
        Frontier frontier = frontier(budgets(law, 16, 1.25, 0));
        Frontier.Way parabola = frontier.parabola().orElseThrow();
        assertThat(Math.abs(parabola.growth().exponent() - exact)).isGreaterThan(0.01);
        assertThat(parabola.biased()).isTrue();
        assertThat(parabola.bias()).as("what it is told to be off by").isCloseTo(parabola.growth().exponent() - exact,
                within(1e-3));
        assertThat(frontier.law().growth().exponent()).isCloseTo(exact, within(1e-3));
        Frontier noisy = frontier(budgets(law, 16, 1.25, 0.001));
        assertThat(noisy.parabola().orElseThrow().bias()).isCloseTo(parabola.bias(), within(0.01));
    }

    @Test
    void intervalsHoldTheTruth() {
        Frontier frontier = frontier(budgets(LAW, 3, 1, 0.002));
        assertThat(frontier.law().exponent().contains(0.37 / 0.72)).isTrue();
        assertThat(frontier.parabola().orElseThrow().exponent().low()).isLessThan(0.37 / 0.72);
    }

    /** Losses in the course of runs of several sizes, all with as many tokens, which are exactly those of the law. */
    private static Envelope envelope(Law law, double noise, int sizes, double step) {
        var random = Philox.of(3, "curves");
        var runs = new ArrayList<Point>();
        var evaluations = new ArrayList<Point>();
        for (int s = 0; s < sizes; s++) {
            double n = 1e6 * Math.pow(step, s);
            runs.add(new Point(Map.of("n", n, "d", 1e10), law.loss(n, 1e10), "run " + s));
            for (int i = 1; i <= 200; i++) {
                double d = 1e10 * Math.pow(10, (i - 200) / 40.0);
                evaluations.add(new Point(Map.of("d", d),
                        law.loss(n, d) * Math.exp(noise * random.normal(evaluations.size())), "run " + s));
            }
        }
        return Envelope.of(evaluations, runs);
    }

    @Test
    void theEnvelopeOfCurvesFollowsTheBestSize() {
        List<Point> points = budgets(LAW, 1.5, 1, 0);
        Bootstrap bootstrap = Bootstrap.of(Fit.of(Chinchilla.FORM, points), 10, 1);
        Frontier frontier = Frontier.of(points, envelope(LAW, 0, 16, 1.7), bootstrap);
        Frontier.Way envelope = frontier.envelope().orElseThrow();
        assertThat(frontier.curves()).isEqualTo(16);
        assertThat(envelope.growth().exponent()).isCloseTo(0.37 / 0.72, within(0.01));
        assertThat(envelope.bias()).isCloseTo(envelope.growth().exponent() - 0.37 / 0.72, within(1e-3));
        assertThat(envelope.exponent().contains(0.37 / 0.72)).isTrue();
        assertThat(envelope.bests()).allSatisfy(best -> assertThat(best.n() / closedForm(LAW, best.c()))
                .as("as near as sizes lie").isBetween(1 / Math.sqrt(1.75), Math.sqrt(1.75)));
        assertThat(frontier.ways()).hasSize(4);
    }

    /** A curve ends where its run does, and sizes tried begin and end somewhere: there the best may be a size that was not tried. */
    @Test
    void whereCurvesDoNotEncloseTheBestSizeTheyAreNotAsked() {
        Envelope.Sampled sampled = envelope(LAW, 0, 16, 1.7).sampled();
        assertThat(sampled.bests(sampled.all())).isNotEmpty()
                .allSatisfy(best -> assertThat(best.n()).isGreaterThan(1e6).isLessThan(1e6 * Math.pow(1.7, 15)));
        assertThat(sampled.bests(new int[]{3, 4})).isEmpty();
    }

    /** Sizes far apart: the steps of the envelope flatten the line through it, by as much as the law says. */
    @Test
    void theBiasOfAnEnvelopeIsFoundAndFlagged() {
        List<Point> points = budgets(LAW, 1.5, 1, 0);
        Bootstrap bootstrap = Bootstrap.of(Fit.of(Chinchilla.FORM, points), 10, 1);
        Frontier.Way envelope = Frontier.of(points, envelope(LAW, 0.0003, 5, 8), bootstrap).envelope().orElseThrow();
        assertThat(envelope.biased()).isTrue();
        assertThat(envelope.growth().exponent() - envelope.bias()).isCloseTo(0.37 / 0.72, within(0.02));
    }

    /** Curves alone are enough where no two runs are of one budget. */
    @Test
    void curvesServeWithoutBudgets() {
        List<Point> points = budgets(LAW, 1.5, 1, 0);
        Bootstrap bootstrap = Bootstrap.of(Fit.of(Chinchilla.FORM, points), 10, 1);
        Frontier frontier = Frontier.of(points.subList(0, 3), envelope(LAW, 0, 16, 1.7), bootstrap);
        assertThat(frontier.envelope()).isPresent();
        assertThat(frontier.lowest()).isEmpty();
        assertThat(frontier.parabola()).isEmpty();
    }

    @Test
    void tooFewBudgetsAreRefused() {
        List<Point> points = budgets(LAW, 3, 1, 0);
        Bootstrap bootstrap = Bootstrap.of(Fit.of(Chinchilla.FORM, points), 2, 1);
        assertThatThrownBy(() -> Frontier.of(points.subList(0, 12), Envelope.NONE, bootstrap))
                .isInstanceOf(ScalingException.class)
                .hasMessage(
                        "a frontier needs at least 2 budgets of compute with 4 runs or more each, found 1 in 12 run(s),"
                                + " or 3 training curves, found 0");
    }
}
