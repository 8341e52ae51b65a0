package org.einscale.scaling.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FormulaTest {

    private static final List<Point> POINTS = points();

    private static List<Point> points() {
        var points = new ArrayList<Point>();
        for (double n : new double[]{1e6, 3e7, 2e9}) {
            for (double d : new double[]{2e7, 3e9, 1e11}) {
                for (double share : new double[]{0.02, 0.4, 1}) {
                    points.add(new Point(Map.of("n", n, "d", d, "c", 6 * n * d, "u", share * d, "s", 1 - share, "p",
                            3 + 10 * share), 2));
                }
            }
        }
        return points;
    }

    /** Laws with numbers from where their forms were published, or near. */
    static Stream<Law> laws() {
        return Stream.of(Law.of(Power.N, 1.69, 406.4, 0.34), Law.of(Power.D, 1.69, 410.7, 0.28),
                Law.of(Power.C, 0.1, 20, 0.05), Law.of(Chinchilla.FORM, 1.69, 406.4, 0.34, 410.7, 0.28),
                Law.of(Kaplan.FORM, 6.4e13, 0.076, 0.103, 1.8e13),
                Law.of(Repeated.FORM, 1.87, 521, 0.353, 1488, 0.34, 15.4, 5.3),
                Law.of(Sparse.FORM, 0.6, 17, 0.8, 0.39, 27, 410, 0.28),
                Law.of(LowPrecision.FORM, 2.76, 4299, 2.67, 0.4965, 18060, 0.48),
                Law.of(Broken.N, 0.5, 30, 0.2, 1e8, 0.3, -0.1), Law.of(Broken.D, 0.5, 30, 0.2, 1e9, 0.3, 0.1),
                Law.of(Broken.C, 0.5, 30, 0.1, 1e17, 1, 0.1),
                Law.of(Form.own("G = log(n) / log(d); E + max(A * exp(-G), B) * n^-alpha - signed(F) * G", Set.of()),
                        1.5, 10, 4, 0.1, -0.2));
    }

    @ParameterizedTest
    @MethodSource("laws")
    void slopesAgreeWithFiniteDifferences(Law law) {
        List<String> names = law.form().parameters();
        Tape tape = law.form().formula().over(POINTS, names);
        double[] theta = law.array();
        tape.evaluate(theta);
        double[][] slopes = Stream.of(tape.slopes()).map(double[]::clone).toArray(double[][]::new);
        for (int j = 0; j < theta.length; j++) {
            double[] up = moved(tape, theta, j, 1e-5);
            double[] down = moved(tape, theta, j, -1e-5);
            boolean counts = false;
            for (int i = 0; i < up.length; i++) {
                assertThat(slopes[j][i]).as("%s at %s", names.get(j), POINTS.get(i))
                        .isCloseTo((up[i] - down[i]) / 2e-5, within(1e-8));
                counts |= slopes[j][i] != 0;
            }
            assertThat(counts).as(names.get(j)).isTrue();
        }
    }

    private static double[] moved(Tape tape, double[] theta, int parameter, double by) {
        double[] other = theta.clone();
        other[parameter] += by;
        return tape.evaluate(other).clone();
    }

    @Test
    void everyFormIsAmongTheLaws() {
        assertThat(laws().map(Law::form)).containsAll(Forms.ALL);
        assertThat(Forms.names()).doesNotHaveDuplicates();
    }

    @Test
    void formulasMeanWhatTheySay() {
        assertThat(loss("1 + 2 * n^2 / 4 - 3", 4)).isCloseTo(6, within(1e-12));
        assertThat(loss("n^-1^2", 4)).as("to the power of -(1^2)").isCloseTo(0.25, within(1e-12));
        assertThat(loss("-2 + n", 5)).isCloseTo(3, within(1e-12));
        assertThat(loss("min(n, 3) * max(n, 7) + exp(log(n))", 5)).isCloseTo(26, within(1e-12));
        assertThat(loss("h = n / 2; q = h * h; q + h", 4)).isCloseTo(6, within(1e-12));
        assertThat(loss("sqrt(n) / n / n * 2e1", 4)).isCloseTo(2.5, within(1e-12));
        assertThat(loss("2 - n^-0.5", 4)).isCloseTo(1.5, within(1e-12));
    }

    private static double loss(String text, double n) {
        return Law.of(Form.own(text, Set.of())).loss(n);
    }

    @Test
    void lawsAgreeWithTheirFormulasWrittenOut() {
        double n = 3e7;
        double d = 2e9;
        assertThat(Law.of(Kaplan.FORM, 6.4e13, 0.076, 0.103, 1.8e13).loss(n, d))
                .isCloseTo(Math.pow(Math.pow(6.4e13 / n, 0.076 / 0.103) + 1.8e13 / d, 0.103), within(1e-12));
        double c = 1 + Math.pow(n / 1e8, 1 / 0.3);
        assertThat(Law.of(Broken.N, 0.5, 30, 0.2, 1e8, 0.3, -0.1).loss(n))
                .isCloseTo(0.5 + 30 * Math.pow(n, -0.2) * Math.pow(c, 0.1 * 0.3), within(1e-12));
        var at = Map.of("n", n, "d", d, "s", 0.75, "p", 4.0, "u", d);
        assertThat(Law.of(Sparse.FORM, 0.6, 17, 0.8, 0.39, 27, 410, 0.28).loss(at)).isCloseTo(
                0.6 + (17 * Math.pow(0.25, 0.8) + 27) * Math.pow(n, -0.39) + 410 * Math.pow(d, -0.28), within(1e-12));
        assertThat(Law.of(LowPrecision.FORM, 2.76, 4299, 2.67, 0.4965, 18060, 0.48).loss(at))
                .isCloseTo(2.76 + 4299 * Math.pow(n * (1 - Math.exp(-4 / 2.67)), -0.4965) + 18060 * Math.pow(d, -0.48),
                        within(1e-12));
        assertThat(Law.of(Repeated.FORM, 1.87, 521, 0.353, 1488, 0.34, 15.4, 5.3).loss(at)).as("one epoch")
                .isCloseTo(Law.of(Chinchilla.FORM, 1.87, 521, 0.353, 1488, 0.34).loss(n, d), within(1e-12));
    }

    @Test
    void parametersCanBeSetAndTied() {
        Form form = Chinchilla.FORM.with(Map.of("E", "0", "beta", "alpha"));
        assertThat(form.parameters()).containsExactly("A", "alpha", "B");
        assertThat(Law.of(form, 10, 0.5, 20).loss(4, 16)).isCloseTo(10, within(1e-12));
        assertThat(Power.N.with(Map.of("alpha", "2 * 0.25")).parameters()).containsExactly("E", "A");
        assertThatThrownBy(() -> Chinchilla.FORM.with(Map.of("alpah", "1"))).isInstanceOf(ScalingException.class)
                .hasMessage("law \"E + A * n^-alpha + B * d^-beta\" has no parameter 'alpah', did you mean 'alpha'?;"
                        + " its parameters: E, A, alpha, B, beta");
    }

    @Test
    void lawsAreShownWithNamesAndWithNumbers() {
        assertThat(Chinchilla.FORM.text()).isEqualTo("L(N, D) = E + A N^-alpha + B D^-beta");
        assertThat(Law.of(Chinchilla.FORM, 1.69, 406.4, 0.34, 410.7, 0.28).equation())
                .isEqualTo("L(N, D) = 1.690 + 406.4 N^-0.3400 + 410.7 D^-0.2800");
        assertThat(Law.of(Repeated.FORM, 1.87, 521, 0.353, 1488, 0.34, 15.4, 5.3).parameters().keySet())
                .containsExactly("E", "A", "alpha", "B", "beta", "R_D", "R_N");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            E + A * n^        | law "E + A * n^", character 11: expected a number, a name or '(', found the end
            E + (A * n        | law "E + (A * n", character 11: expected ')', found the end
            E + A n^-alpha    | law "E + A n^-alpha", character 7: expected an operator, or the end, found 'n'
            E + A * N^-alpha  | law "E + A * N^-alpha", character 9: expected 'n', as inputs are written, found 'N'
            E + ln(n)         | law "E + ln(n)", character 5: expected a function, one of
            E + expp(n)       | (exp?), found 'expp'
            E + min(n)        | expected min of two things before this, found ')'
            E + signed(2) * n | expected signed of a parameter's name before this, found ')'
            n = 2; n          | expected a name of its own for what is defined, found 'n'
            E + A             | it uses no input; expected one of c, d, n, p, s, u
            E + n ? 2         | character 7: expected an operator, or the end, found '?'
            """)
    void whatIsNoFormulaIsShown(String text, String message) {
        assertThatThrownBy(() -> Formula.of(text)).isInstanceOf(ScalingException.class).hasMessageContaining(message);
    }

    @Test
    void lawsAreFoundByName() {
        assertThat(Forms.of("kaplan", Set.of())).isEqualTo(Kaplan.FORM);
        assertThat(Forms.of("E + A * q^-a", Set.of("q")).formula().inputs()).containsExactly("q");
        assertThatThrownBy(() -> Forms.of("chincilla", Set.of())).isInstanceOf(ScalingException.class)
                .hasMessageStartingWith("no law 'chincilla', did you mean 'chinchilla'?; expected a formula such as");
    }

    @Test
    void coefficientsAreProjected() {
        Law law = Law.of(Kaplan.FORM, 6.4e13, 0.076, 0.103, 1.8e13);
        var projection = new Projection(law.form().formula(), POINTS, law.form().parameters());
        assertThat(projection.searched()).containsExactly("alpha_N", "alpha_D");
        double[] logLoss = Stream.of(law.losses(POINTS)).flatMapToDouble(java.util.Arrays::stream).map(Math::log)
                .toArray();
        double[] theta = law.array();
        theta[0] = theta[3] = 0;
        projection.project(theta, logLoss);
        assertThat(theta).containsExactly(law.array(), within(1e-6));
    }

    @Test
    void leastSquaresHasNoNegativeCoefficient() {
        double[][] columns = {{1, 1, 1, 1}, {1, 2, 3, 4}};
        assertThat(NonNegative.solve(columns, new double[]{3, 5, 7, 9})).containsExactly(new double[]{1, 2},
                within(1e-12));
        assertThat(NonNegative.solve(columns, new double[]{9, 7, 5, 3})).as("the slope would be negative")
                .containsExactly(new double[]{6, 0}, within(1e-12));
    }
}
