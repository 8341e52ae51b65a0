package org.einscale.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void fourSignificantFigures() {
        assertThat(Figures.of(1.69)).isEqualTo("1.690");
        assertThat(Figures.of(0.339171)).isEqualTo("0.3392");
        assertThat(Figures.of(12845.6)).isEqualTo("12846");
        assertThat(Figures.of(12345678)).isEqualTo("1.235e+07");
        assertThat(Figures.of(-0.00001)).isEqualTo("-1.000e-05");
        assertThat(Figures.of(0)).isEqualTo("0");
        assertThat(Figures.of(Double.NaN)).isEqualTo("NaN");
        assertThat(Figures.of(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    }

    @Test
    void whatNoDoubleHoldsIsAPowerOfTen() {
        assertThat(Figures.ofLog(Math.log(406.4))).isEqualTo("406.4");
        assertThat(Figures.ofLog(512.6 * Math.log(10))).isEqualTo("10^512.6");
        assertThat(Figures.ofLog(-400 * Math.log(10))).isEqualTo("10^-400.0");
        assertThat(Figures.ofLog(Double.NEGATIVE_INFINITY)).isEqualTo("0");
        assertThat(Figures.ofLog(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    }

    @Test
    void countsTakeASuffix() {
        assertThat(Figures.count(800)).isEqualTo("800");
        assertThat(Figures.count(12_345)).isEqualTo("12.3k");
        assertThat(Figures.count(999_999)).isEqualTo("1M");
        assertThat(Figures.count(2_500_000)).isEqualTo("2.5M");
        assertThat(Figures.count(7e10)).isEqualTo("70B");
        assertThat(Figures.count(0)).isEqualTo("0");
    }
}
