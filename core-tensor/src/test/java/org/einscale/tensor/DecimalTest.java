package org.einscale.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
    @ParameterizedTest
    @CsvSource({"0,0", "-3,-3", "+3,3", "1.,1", ".5,0.5", "4e6,4000000", "2.5E-1,0.25", "1e999,Infinity"})
    void decimalNumbersAreRead(String text, double value) {
        assertThat(Decimal.of(text)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1 ", "100000d", "1f", "0x1p3", "NaN", "Infinity", "1e", ".", "1,5", "1_000",
        "\u0661"})
    void nothingElseIs(String text) {
        assertThat(Decimal.of(text)).isEmpty();
    }
}
