package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.einscale.einsum.program.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SgdTest {
    @ParameterizedTest
    @CsvSource({
        // momentum, nesterov, weight decay, clip
        "0,   false, 0,   Infinity", "0.9, false, 0.1, 1", "0.9, true,  0.1, 1", "0.5, true,  0,   Infinity"})
    void followsTheFormulaOfThePaper(double momentum, boolean nesterov, double weightDecay, double clip) {
        Bowl bowl = new Bowl(new Sgd(momentum, nesterov, weightDecay, clip));
        Bowl.Plain plain = new Bowl.Plain();
        double[] p = plain.p;
        double[] u = new double[2];
        double[] decay = {weightDecay, 0};
        for (int t = 1; t <= 5; t++) {
            double rate = 0.1 / t;
            bowl.step(t, rate);
            double[] g = plain.gradients(clip);
            for (int i = 0; i < 2; i++) {
                u[i] = momentum * u[i] + g[i];
                p[i] = p[i] - rate * decay[i] * p[i] - rate * (nesterov ? g[i] + momentum * u[i] : u[i]);
            }
            bowl.assertHolds("w", p[0]);
            bowl.assertHolds("g", p[1]);
            bowl.assertHolds("w.u", u[0]);
            bowl.assertHolds("g.u", u[1]);
        }
    }

    @Test
    void remembersOneStateForEachParameter() {
        assertThat(new Bowl(new Sgd(0.9, true, 0, 1)).training().program().states()).extracting(Value::name)
                .containsExactly("w", "g", "w.u", "g.u");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Sgd(1, false, 0, 1))
                .hasMessage("SGD: momentum is 1.0; expected at least 0 and below 1");
        assertThatThrownBy(() -> new Sgd(0.9, false, Double.NaN, 1))
                .hasMessage("SGD: weight decay is NaN; expected 0 or more");
        assertThatThrownBy(() -> new Sgd(0.9, false, 0, 0))
                .hasMessage("SGD: clip is 0.0; expected above 0, or infinity for none");
    }
}
