package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Objects;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** A layer that exists only as text: a gate over all positions before, and an MLP that shares its matrix with it. */
class TextLayerTest {
    private static final Config CONFIG = ConfigFactory.parseString("""
            layers.memory {
              parameters {
                look { axes = "d e", init = normal, std = 0.5 }
                sharpness { axes = "e", init = ones }
                back { axes = "e d", scale = residual }
              }
              steps = [
                "seen = einsum('b l d, d e -> b l e', x, look)"
                "alike = causal_softmax(einsum('b l e, b m e -> b l m', seen * sharpness, seen), 'm', 'l')"
                "past = einsum('b l m, b m e -> b l e', alike, tanh(seen))"
                "y = einsum('b l e, e d -> b l d', past * sigmoid(seen) - 0.1, back)"
              ]
            }
            model { axes { d = 6, e = 5 }, layers = 1, block = [memory], norm = rms_norm, tied = false }
            """);

    private static Model model() {
        return ModelSpec.of(CONFIG.getConfig("model"), CONFIG.getConfig("layers")).build(2, 4, 5, true, 1);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        assertThat(new Interpreted(model()).noisy().slopes()).isNotEmpty()
                .allSatisfy(s -> assertThat(s.pass()).as(s.element()).isCloseTo(s.difference(),
                        within(1e-8 + 1e-6 * Math.abs(s.difference()))));
    }

    @Test
    void trains() {
        Model model = model();
        TrainingProgram training = TrainingProgram.of(model, new AdamW(0.9, 0.99, 1e-8, 0.1, 1));
        Interpreted trial = new Interpreted(model);
        trial.startAtZero(training.program());
        trial.put(training.learningRate(), Nd4j.scalar(0.02));
        double first = trial.loss();
        double last = first;
        for (int step = 1; step <= 10; step++) {
            trial.put(training.step(), Nd4j.scalar((double) step));
            double loss = Objects.requireNonNull(trial.train(training.program()).get(model.loss())).getDouble(0);
            assertThat(loss).isLessThanOrEqualTo(last);
            last = loss;
        }
        assertThat(last).isLessThan(0.7 * first);
    }
}
