package org.einscale.scaling.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Chinchilla;
import org.einscale.scaling.law.Law;
import org.einscale.scaling.law.Power;
import org.einscale.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitTest {

    private static final double[] SIZES = {3e4, 6e4, 1.2e5, 2.5e5, 5e5, 1e6};

    private static List<Point> points(Law law, double... sizes) {
        return DoubleStream.of(sizes).mapToObj(n -> new Point(n, law.loss(n))).toList();
    }

    @ParameterizedTest
    @CsvSource({"1.69, 406.4, 0.34", "0.9, 12, 0.15", "1.2, 900, 0.6", "0.4, 6, 0.076", "2.5, 4e5, 1.3"})
    void recoversTheLawThatMadeThePoints(double e, double a, double alpha) {
        var fit = Fit.of(Power.N, points(Law.of(Power.N, e, a, alpha), SIZES));
        assertThat(fit.converged()).isTrue();
        assertThat(fit.law().irreducible()).isCloseTo(e, within(2e-3 * e));
        assertThat(fit.law().value("A")).isCloseTo(a, within(2e-2 * a));
        assertThat(fit.law().value("alpha")).isCloseTo(alpha, within(2e-3 * alpha));
        assertThat(fit.objective()).isLessThan(1e-12);
    }

    @Test
    void doesNotDependOnTheUnits() {
        var law = Law.of(Power.N, 1.69, 406.4, 0.34);
        var big = Fit.of(Power.N, points(law, 1e8, 3e8, 1e9, 3e9, 1e10)).law();
        assertThat(big.value("alpha")).isCloseTo(0.34, within(1e-3));
        var bits = Fit
                .of(Power.N, points(law, SIZES).stream().map(p -> new Point(p.n() / 1e6, 1000 * p.loss())).toList())
                .law();
        assertThat(bits.irreducible()).isCloseTo(1690, within(5.0));
    }

    @Test
    void findsThatALawWithoutFloorHasNone() {
        var fit = Fit.of(Power.N, points(Law.of(Power.N, 0, 9, 0.08), SIZES));
        assertThat(fit.law().irreducible()).isCloseTo(0, within(0.05));
        assertThat(fit.law().loss(3e6)).isCloseTo(9 * Math.pow(3e6, -0.08), within(1e-3));
    }

    @Test
    void oneOutlierDoesNotMoveTheLaw() {
        var law = Law.of(Power.N, 1.4, 100, 0.35);
        var points = new ArrayList<>(points(law, 1e4, 2e4, 4e4, 8e4, 1.6e5, 3.2e5, 6.4e5));
        points.set(3, new Point(8e4, 1.1 * law.loss(8e4)));
        assertThat(Fit.of(Power.N, points).law().loss(3e6)).isCloseTo(law.loss(3e6), within(5e-3));
    }

    @Test
    void recoversATwoVariableLaw() {
        var law = Law.of(Chinchilla.FORM, 1.8, 480, 0.35, 2100, 0.37);
        var points = new ArrayList<Point>();
        for (double n : new double[]{1e8, 5e8, 2e9, 1e10}) {
            for (double d : new double[]{2e9, 1e10, 5e10, 3e11}) {
                points.add(new Point(n, d, law.loss(n, d)));
            }
        }
        var fit = Fit.of(Chinchilla.FORM, points);
        assertThat(fit.objective()).isLessThan(1e-12);
        assertThat(fit.law().irreducible()).isCloseTo(1.8, within(1e-3));
        assertThat(fit.law().value("beta")).isCloseTo(0.37, within(1e-3));
    }

    @Test
    void residualsAreLogPredictedOverMeasured() {
        var points = noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.01);
        var fit = Fit.of(Power.N, points);
        for (int i = 0; i < points.size(); i++) {
            double predicted = fit.law().loss(points.get(i).n());
            assertThat(fit.residuals()[i]).isCloseTo(Math.log(predicted / points.get(i).loss()), within(1e-9));
        }
        assertThat(fit.rSquared()).isBetween(0.95, 1.0);
    }

    @Test
    void sameNumbersEveryTime() {
        var points = noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.01);
        assertThat(Fit.of(Power.N, points).law()).isEqualTo(Fit.of(Power.N, points).law());
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        var points = noisy(Law.of(Power.N, 1.4, 100, 0.35), 0.02).stream()
                .map(p -> new Point(p.n(), 3e7 / p.n() + p.n(), p.loss())).toList();
        double[] weights = Fit.ones(points.size());
        weights[3] = 2;
        double[] logLoss = Fit.logLoss(points);
        checkGradient(Fit.objective(Power.N, points, logLoss, weights), 0.2, 4.7, -1);
        HuberObjective objective = Fit.objective(Chinchilla.FORM, points, logLoss, weights);
        checkGradient(objective, 0.2, 4.1, -1.1, 3, -1.3);
        double[] place = {0.1, 4, -1, 3.2, -1.2};
        checkGradient(new Rescaled(objective, place, objective.slopes(place), weights), 0.01, -0.02, 0.03, 0.01, 0.02);
    }

    private static void checkGradient(Objective objective, double... theta) {
        double[] gradient = new double[theta.length];
        objective.evaluate(theta, gradient);
        for (int i = 0; i < theta.length; i++) {
            double difference = value(objective, theta, i, 1e-6) - value(objective, theta, i, -1e-6);
            assertThat(gradient[i]).isCloseTo(difference / 2e-6, within(1e-9)).isNotZero();
        }
    }

    private static double value(Objective objective, double[] theta, int variable, double shift) {
        double[] moved = theta.clone();
        moved[variable] += shift;
        return objective.evaluate(moved, new double[theta.length]);
    }

    static List<Point> noisy(Law law, double scatter) {
        var noise = Philox.of(7, "noise");
        var points = new ArrayList<Point>();
        for (int i = 0; i < 9; i++) {
            double n = 1e4 * Math.pow(2, i);
            points.add(new Point(n, law.loss(n, Double.NaN) * Math.exp(scatter * noise.normal(i))));
        }
        return points;
    }

    @Test
    void unfitPointsAreNamed() {
        refused(List.of(new Point(1, 2), new Point(2, 1.5), new Point(2, 1.5)),
                "a fit needs at least 3 different values of the size N, found 2");
        refused(List.of(new Point(1, 2), new Point(-2, 1.5), new Point(3, 1)),
                "point 2 of the fit (N = -2.0, loss = 1.5): the size N must be positive");
        refused(List.of(new Point(1, 2), new Point(2, 1.5), new Point(3, 0)),
                "point 3 of the fit (N = 3.0, loss = 0.0): the loss must be positive");
        refused(List.of(new Point(1, Double.NaN), new Point(2, 1.5), new Point(3, 1)), "found NaN");
        refused(List.of(new Point(1, 1), new Point(Double.POSITIVE_INFINITY, 1.5), new Point(3, 1)), "found Infinity");
        refused(List.of(), "found 0 in 0 point(s)");
        assertThatThrownBy(() -> Fit.of(Chinchilla.FORM, List.of(new Point(1, 2))))
                .hasMessageContaining("the token count D must be positive");
    }

    private static void refused(List<Point> points, String message) {
        assertThatThrownBy(() -> Fit.of(Power.N, points)).isInstanceOf(ScalingException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
