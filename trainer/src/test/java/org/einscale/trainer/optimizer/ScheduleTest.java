package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import org.einscale.trainer.optimizer.Schedule.Constant;
import org.einscale.trainer.optimizer.Schedule.WarmupCosine;
import org.einscale.trainer.optimizer.Schedule.WarmupStableDecay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource({"0, 0.25", "1, 0.5", "3, 1", "4, 1", "1000000000000, 1"})
    void constantClimbsAndStays(long step, double expected) {
        assertThat(new Constant(4).at(step)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.1", "9, 1", "10, 1", "60, 0.55", "110, 0.1", "500, 0.1"})
    void cosineGoesFromPeakToMinimum(long step, double expected) {
        assertThat(new WarmupCosine(10, 110, 0.1).at(step)).isCloseTo(expected, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5", "1, 1", "2, 1", "60, 1", "70, 0.6", "80, 0.434314575050762", "100, 0.2", "101, 0.2"})
    void stableDecayFallsByTheSquareRootOfProgress(long step, double expected) {
        assertThat(new WarmupStableDecay(2, 100, 40, 0.2).at(step)).isCloseTo(expected, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "0, 5, 5", "5, 0, 5", "5, 5, 10"})
    void phasesOfNoLengthAreFine(long warmup, long decay, long total) {
        for (Schedule schedule : new Schedule[]{new WarmupCosine(warmup, total, 0),
            new WarmupStableDecay(warmup, total, decay, 0), new Constant(warmup)}) {
            assertThat(LongStream.range(0, total).mapToDouble(schedule::at)).allMatch(at -> at > 0 && at <= 1);
        }
    }

    @Test
    void schedulesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new Constant(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("warm-up of -1 steps: expected 0 or more");
        assertThatThrownBy(() -> new WarmupCosine(0, 0, 0)).hasMessage("schedule over 0 steps: expected 1 or more");
        assertThatThrownBy(() -> new WarmupCosine(11, 10, 0))
                .hasMessage("warm-up of 11 and decay of 0 steps do not fit into 10 steps");
        assertThatThrownBy(() -> new WarmupStableDecay(6, 10, 5, 0))
                .hasMessage("warm-up of 6 and decay of 5 steps do not fit into 10 steps");
        assertThatThrownBy(() -> new WarmupStableDecay(0, 10, -5, 0)).hasMessageEndingWith("expected 0 or more");
        assertThatThrownBy(() -> new WarmupCosine(0, 10, Double.NaN))
                .hasMessage("minimum fraction NaN of the learning rate: expected a number from 0 to 1");
    }
}
