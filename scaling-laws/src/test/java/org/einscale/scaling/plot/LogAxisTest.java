package org.einscale.scaling.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LogAxisTest {

    private static LogAxis axis(double low, double high, LogAxis.Labels labels) {
        return new LogAxis("", low, high, labels);
    }

    @Test
    void ticksSuitTheRange() {
        assertThat(axis(1.52, 2.31, LogAxis.Labels.DECIMALS).tickLabels()).containsExactly("1.6", "1.8", "2.0", "2.2");
        assertThat(axis(1.996, 2.023, LogAxis.Labels.DECIMALS).tickLabels()).containsExactly("2.000", "2.005", "2.010",
                "2.015", "2.020");
        assertThat(axis(1.2, 7.5, LogAxis.Labels.DECIMALS).tickLabels()).containsExactly("1.5", "2.0", "3.0", "5.0",
                "7.0");
        assertThat(axis(2.5e4, 1.3e6, LogAxis.Labels.COUNTS).tickLabels()).containsExactly("50k", "100k", "200k",
                "500k", "1M");
        assertThat(axis(5e3, 2e11, LogAxis.Labels.COUNTS).tickLabels()).containsExactly("10k", "100k", "1M", "10M",
                "100M", "1B", "10B", "100B");
    }

    @Test
    void labelsDifferHoweverCloseTheSizes() {
        assertThat(axis(1e9, 1.03e9, LogAxis.Labels.COUNTS).tickLabels()).startsWith("1B", "1.005B", "1.01B");
        assertThat(axis(123_456_780, 123_456_790, LogAxis.Labels.COUNTS).tickLabels()).doesNotHaveDuplicates()
                .contains("123.456784M");
    }

    @Test
    void marginsAreSharesOfTheRange() {
        LogAxis axis = LogAxis.around("", DoubleStream.of(1e2, 1e4), 0.5, LogAxis.Labels.COUNTS);
        assertThat(axis.low()).isBetween(9.99, 10.01);
        assertThat(axis.high()).isBetween(9.99e4, 1.001e5);
        LogAxis single = LogAxis.around("", DoubleStream.of(5), 0.1, LogAxis.Labels.COUNTS);
        assertThat(single.low()).isLessThan(5);
        assertThat(single.high()).isGreaterThan(5);
    }
}
