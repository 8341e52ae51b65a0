package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.einscale.tensor.Precision;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSpecTest {
    private static TrainingSpec spec(int batch, int length, long steps, double learningRate, long evaluateEvery,
            long evaluationTokens, long checkpointEvery) {
        return new TrainingSpec(batch, length, steps, learningRate, new Schedule.Constant(4),
                new AdamW(0.9, 0.95, 1e-8, 0.1, 1.0), evaluateEvery, evaluationTokens, checkpointEvery,
                Precision.FLOAT, 1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0, 8, 10, 0.1, 0, 8, 0, batch of 0 sequences: expected 1 or more
            1, 0, 10, 0.1, 0, 8, 0, length of 0 tokens: expected 1 or more
            1, 8,  0, 0.1, 0, 8, 0, training of 0 steps: expected 1 or more
            1, 8, 10, 0.0, 0, 8, 0, learning rate 0.0: expected a number above 0
            1, 8, 10, NaN, 0, 8, 0, learning rate NaN: expected a number above 0
            1, 8, 10, 0.1,-1, 8, 0, evaluation every -1 steps: expected 0 (only the last) or more
            1, 8, 10, 0.1, 0, 7, 0, 'evaluation on 7 tokens: expected at least one sequence, which has 8 tokens'
            1, 8, 10, 0.1, 0, 8,-1, checkpoint every -1 steps: expected 0 (only the last) or more
            """)
    void refusesWhatCannotBe(int batch, int length, long steps, double learningRate, long evaluateEvery,
            long evaluationTokens, long checkpointEvery, String message) {
        assertThatThrownBy(
                () -> spec(batch, length, steps, learningRate, evaluateEvery, evaluationTokens, checkpointEvery))
                .isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void stepsCoverTheTokens() {
        assertThat(TrainingSpec.steps(1000, 8, 10)).isEqualTo(13);
        assertThat(TrainingSpec.steps(960, 8, 10)).isEqualTo(12);
    }

    @Test
    void theRateIsThePeakTimesTheSchedule() {
        TrainingSpec spec = spec(1, 8, 10, 0.1, 0, 8, 0);

        assertThat(spec.learningRate(0)).isEqualTo(0.025);
        assertThat(spec.learningRate(9)).isEqualTo(0.1);
    }

    @Test
    void theCheckpointIntervalIsNoPartOfTheIdentity() {
        assertThat(spec(1, 8, 10, 0.1, 0, 8, 3).identity()).isEqualTo(spec(1, 8, 10, 0.1, 0, 8, 0).identity());
        assertThat(spec(1, 8, 10, 0.1, 5, 8, 0).identity()).isNotEqualTo(spec(1, 8, 10, 0.1, 0, 8, 0).identity());
    }
}
