package org.einscale.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.einscale.bench.GptShapes;
import org.einscale.bench.Implementation;
import org.einscale.bench.ModelSize;
import org.einscale.bench.StepRunner;
import org.einscale.bench.TokenBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerAgreementTest {
    private static final ModelSize SMALL = new ModelSize(2, 16, 2, 8, 4);

    /** Weights large enough for gradients to be clipped and for attention to differ from an average. */
    private static Map<String, float[]> weights() {
        Map<String, float[]> weights = GptShapes.initialWeights(SMALL, 7);
        weights.forEach((name, values) -> {
            for (int i = 0; i < values.length && !name.endsWith(".gain"); i++) {
                values[i] *= 15;
            }
        });
        return weights;
    }

    @ParameterizedTest
    @EnumSource
    void firstTenLossesAreThoseOfLibtorch(Implementation implementation) {
        try (StepRunner expected = Implementation.LIBTORCH.open(SMALL, weights());
                StepRunner found = implementation.open(SMALL, weights())) {
            for (int i = 0; i < 10; i++) {
                TokenBatch batch = TokenBatch.of(SMALL, 1, i);
                assertThat(found.step(batch.inputs(), batch.targets())).as("loss of step %d", i)
                        .isCloseTo(expected.step(batch.inputs(), batch.targets()), within(1e-4f));
            }
        }
    }
}
