package org.einscale.tensor.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatesTest {

    @Test
    void roundsToSixPercentAndNoMore() {
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            double rate = Math.exp(8 * random.nextDouble() - 2);
            Rates rounded = rates(rate, rate).rounded();
            assertThat(rounded.sgemm() / rate).isCloseTo(1, within(0.035));
            assertThat(rounded.rounded()).isEqualTo(rounded);
        }
    }

    @Test
    void measurementsThatDifferByNoiseAreOftenTheSame() {
        assertThat(rates(101, 0).rounded()).isEqualTo(rates(99.7, 0).rounded());
        assertThat(rates(101, 0).rounded()).isNotEqualTo(rates(90, 0).rounded());
    }

    @Test
    void noneStaysNone() {
        assertThat(rates(100, 0).rounded().unpackedSgemm()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesARateThatIsNone(double rate) {
        assertThatThrownBy(() -> rates(rate, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a rate of " + rate + ": expected a number above 0");
    }

    private static Rates rates(double sgemm, double unpacked) {
        return new Rates(sgemm, unpacked, 98, 86, 22, 8, 1.1, 14, 60);
    }
}
