package org.einscale.einsum.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicesTest {

    /** Of axes that a result keeps, marked +, each slice is another part of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            128         | 0
            129         | 128
            1000 + 128  | 0
            1000 + 200  | 128
            200 1000 +  | 128000
            20 10       | 120
            20 5 + 10   | 600
            300 +       | 0
            """)
    void noElementIsAddedToTooOften(String axes, long interval) {
        String[] rounds = axes.replace(" +", "+").split(" ");
        boolean[] kept = new boolean[rounds.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = rounds[i].endsWith("+");
        }
        int[] counts = Arrays.stream(rounds).mapToInt(text -> Integer.parseInt(text.replace("+", ""))).toArray();
        assertThat(new Slices(counts, new int[0], new long[0][]).interval(kept).orElse(0)).isEqualTo(interval);
    }
}
