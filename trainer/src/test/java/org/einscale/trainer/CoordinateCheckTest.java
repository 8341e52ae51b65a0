package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.einscale.trainer.CoordinateCheck.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Activations of models of several widths, in float32. */
class CoordinateCheckTest {
    private static final int NARROW = 16;
    private static final int WIDE = 128;
    private static final int STEPS = 3;

    private static List<Activation> check(String parametrization, int width, long seed) {
        TrainingSpec tiny = Tiny.spec(STEPS, 0.01);
        TrainingSpec spec = new TrainingSpec(tiny.batch(), tiny.length(), STEPS, tiny.learningRate(), tiny.schedule(),
                tiny.optimizer(), 0, tiny.evaluationTokens(), 0, tiny.precision(), seed);
        ModelDefinition model = Tiny.model("axes { d = " + width + ", h = 2 }, parametrization { kind = "
                + parametrization + ", base-width = 16 }");
        return CoordinateCheck.of(PreparedTraining.of(model, spec, Tiny.text()), STEPS);
    }

    /** How the change after the last step goes with the width, between the narrowest and the widest. */
    private static double power(String parametrization, String value, long seed) {
        double[] changes = IntStream.of(NARROW, WIDE)
                .mapToDouble(width -> check(parametrization, width, seed).stream()
                        .filter(each -> each.step() == STEPS && each.value().equals(value)).findFirst().orElseThrow()
                        .change())
                .toArray();
        return Math.log(changes[1] / changes[0]) / Math.log((double) WIDE / NARROW);
    }

    @ParameterizedTest
    @CsvSource({"logits, 1", "logits, 2", "logits, 3", "block.0, 1"})
    void changesGrowInTheStandardParametrizationAlone(String value, long seed) {
        assertThat(power("mup", value, seed)).isBetween(-0.25, 0.25);
        assertThat(power("standard", value, seed)).isGreaterThan(0.5);
    }
}
