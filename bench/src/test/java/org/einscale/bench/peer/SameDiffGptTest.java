package org.einscale.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.einscale.bench.GptShapes;
import org.einscale.bench.ModelSize;
import org.einscale.bench.StepRunner;
import org.einscale.bench.TokenBatch;
import org.junit.jupiter.api.Test;

class SameDiffGptTest {
    private static final ModelSize SMALL = new ModelSize(2, 16, 2, 8, 4);

    @Test
    void startsAtTheEntropyOfUniformBytesAndLearns() {
        try (StepRunner gpt = new SameDiffGpt(SMALL, GptShapes.initialWeights(SMALL, 1))) {
            TokenBatch batch = TokenBatch.of(SMALL, 1, 0);
            float first = gpt.step(batch.inputs(), batch.targets());
            float last = first;
            for (int i = 0; i < 30; i++) {
                last = gpt.step(batch.inputs(), batch.targets());
            }
            assertThat(first).isCloseTo((float) Math.log(256), within(0.1f));
            assertThat(last).isLessThan(first - 0.5f);
        }
    }
}
