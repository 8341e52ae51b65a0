package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest {
    @Test
    void followsTheFormulaOfThePaper() {
        Bowl bowl = new Bowl(new AdamW(0.9, 0.95, 1e-3, 0.1, 1));
        Bowl.Plain plain = new Bowl.Plain();
        double[] p = plain.p;
        double[] m = new double[2];
        double[] v = new double[2];
        double[] decay = {0.1, 0};
        for (int t = 1; t <= 5; t++) {
            double rate = 0.1 / t;
            bowl.step(t, rate);
            assertThat(bowl.norm()).isCloseTo(plain.norm(), within(1e-12));
            double[] g = plain.gradients(1);
            for (int i = 0; i < 2; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double corrected = m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, t))) + 1e-3);
                p[i] = p[i] - rate * decay[i] * p[i] - rate * corrected;
            }
            bowl.assertHolds("w", p[0]);
            bowl.assertHolds("g", p[1]);
            bowl.assertHolds("w.m", m[0]);
            bowl.assertHolds("g.v", v[1]);
        }
    }

    @Test
    void eachParametersThreeUpdatesStandInARow() {
        List<String> updates = new Bowl(new AdamW(0.9, 0.95, 1e-8, 0.1, 1)).training().program().statements().stream()
                .map(s -> s.result().name()).filter(name -> name.endsWith("'")).toList();
        assertThat(updates).containsExactly("w.m'", "w.v'", "w'", "g.m'", "g.v'", "g'");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new AdamW(1, 0.9, 1e-8, 0, 1))
                .hasMessage("AdamW: beta1 is 1.0; expected at least 0 and below 1");
        assertThatThrownBy(() -> new AdamW(0.9, -1, 1e-8, 0, 1))
                .hasMessage("AdamW: beta2 is -1.0; expected at least 0 and below 1");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 0, 0, 1)).hasMessage("AdamW: epsilon is 0.0; expected above 0");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, -1, 1))
                .hasMessage("AdamW: weight decay is -1.0; expected 0 or more");
        assertThatThrownBy(() -> new AdamW(0.9, 0.9, 1e-8, 0, 0))
                .hasMessage("AdamW: clip is 0.0; expected above 0, or infinity for none");
    }
}
