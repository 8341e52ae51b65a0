package org.einscale.scaling.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.einscale.scaling.ScalingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
    private static final List<Double> RANGE = RateSearch.range(1e-3, 1.6e-2, 5);

    @Test
    void aRangeHasItsEndsAndIsEvenInTheLogarithm() {
        assertThat(RANGE).containsExactly(0.001, 0.002, 0.004, 0.008, 0.016);
        assertThat(RateSearch.range(1e-4, 1e-2, 4)).containsExactly(0.0001, 4.642e-4, 2.154e-3, 0.01);
    }

    /** A loss that is a parabola in the logarithm is found exactly, wherever its lowest point lies. */
    @ParameterizedTest
    @ValueSource(doubles = {2.5e-4, 7e-4, 1e-3, 1.9e-3, 3e-3, 5.7e-3, 1.4e-2, 3e-2, 1.2e-1})
    void theLowestPointIsFoundAlsoBeyondTheRange(double best) {
        RateSearch found = search(rate -> 3 + 0.1 * Math.pow(Math.log(rate / best), 2));
        assertThat(found.isEnclosed()).isTrue();
        assertThat(found.rate()).isCloseTo(best, within(6e-4 * best));
        assertThat(found.losses().size()).isBetween(5, 9);
    }

    @Test
    void aSlopeWithoutEndIsFollowedFourRatesAndThenTaken() {
        RateSearch falling = search(rate -> 1 / rate);
        assertThat(falling.losses()).hasSize(9);
        assertThat(falling.isEnclosed()).isFalse();
        assertThat(falling.rate()).isEqualTo(0.256);
        assertThat(search(rate -> rate).rate()).isEqualTo(6.25e-5);
    }

    @Test
    void whatDivergedIsWorse() {
        RateSearch edge = search(rate -> rate > 5e-3 ? Double.POSITIVE_INFINITY : 1 / rate);
        assertThat(edge.losses()).hasSize(5);
        assertThat(edge.rate()).isEqualTo(0.004);
        assertThatThrownBy(() -> search(rate -> Double.POSITIVE_INFINITY).rate()).isInstanceOf(ScalingException.class)
                .hasMessage("d8: none of the learning rates 0.001 to 0.016 gave a finite loss; lower the range");
    }

    private static RateSearch search(DoubleUnaryOperator loss) {
        SortedMap<Double, Double> losses = new TreeMap<>();
        List<Double> rates = new ArrayList<>(RANGE);
        RateSearch search = new RateSearch("d8", 100, losses);
        while (!rates.isEmpty()) {
            rates.forEach(rate -> losses.put(rate, loss.applyAsDouble(rate)));
            search = new RateSearch("d8", 100, losses);
            rates = search.next(RANGE.size());
        }
        return search;
    }
}
