package org.einscale.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 1000})
    void permutationsHoldEveryElementOnce(int size) {
        var permutation = new Permutation(size, Philox.of(1, "test"));
        for (int epoch = 0; epoch < 5; epoch++) {
            int e = epoch;
            assertThat(LongStream.range(0, size).map(place -> permutation.at(e, place)).sorted())
                    .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
        }
    }

    /** Chi-squared with 9 degrees of freedom stays below 27.9 with probability 0.999. */
    @Test
    void everyElementComesFirstEquallyOften() {
        var permutation = new Permutation(10, Philox.of(4, "test"));
        int[] counts = new int[10];
        for (int epoch = 0; epoch < 10_000; epoch++) {
            counts[(int) permutation.at(epoch, 0)]++;
        }
        assertThat(IntStream.of(counts).mapToDouble(count -> Math.pow(count - 1000, 2) / 1000).sum()).isLessThan(27.9);
    }
}
