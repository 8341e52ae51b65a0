package org.einscale.einsum.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Equation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectEinsumTest {

    /** Operands hold 1, 2, 3, ... */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j, j k -> i k        | 2 2, 2 2 | 7 10 15 22
            i j -> j i             | 2 3      | 1 4 2 5 3 6
            i i -> i               | 2 2      | 1 4
            i -> i i               | 2        | 1 0 0 2
            i j -> i j i           | 2 2      | 1 0 2 0 0 3 0 4
            i -> (i i)             | 2        | 1 0 0 2
            a (b c), c -> b a      | 2 4, 2   | 5 17 11 23
            (a b), a -> a          | 4, 2     | 3 14
            a 1, 1 b -> a b        | 2 1, 1 2 | 1 2 2 4
            ... i, i -> ...        | 2 2, 2   | 5 11
            ..., ... -> ...        | 2 1, 2   | 1 2 2 4
            i j ->                 | 0 3      | 0
            i j -> j               | 0 3      | 0 0 0
            i, i ->                | 3, 3     | 14
            """)
    void addsProducts(String text, String shapes, String elements) {
        List<long[]> bound = Arrays.stream(shapes.split(",")).map(DirectEinsumTest::shape).toList();
        Binding binding = Binding.of(Equation.words(text), bound);
        assertThat(DirectEinsum.sumOfProducts().of(binding, bound.stream().map(DirectEinsumTest::counting).toList()))
                .containsExactly(Arrays.stream(elements.split(" ")).mapToDouble(Double::parseDouble).toArray());
    }

    @Test
    void aRepeatFillsItsNewAxes() {
        Binding binding = Binding.of(Equation.repeat("a -> (a r)"), List.of(new long[]{2}), Map.of("r", 3), false);
        assertThat(DirectEinsum.sumOfProducts().of(binding, List.of(new double[]{5, 6}))).containsExactly(5, 5, 5, 6, 6,
                6);
    }

    @Test
    void anyTwoOperationsMayAddAndMultiply() {
        DirectEinsum longestPath = new DirectEinsum(Math::max, Double::sum, Double.NEGATIVE_INFINITY, 0);
        Binding binding = Binding.of(Equation.words("i j, j k -> i k"), List.of(new long[]{2, 2}, new long[]{2, 2}));
        assertThat(longestPath.of(binding, List.of(counting(new long[]{2, 2}), counting(new long[]{2, 2}))))
                .containsExactly(5, 6, 7, 8);
        Binding diagonal = Binding.of(Equation.words("i -> i i"), List.of(new long[]{2}));
        assertThat(longestPath.of(diagonal, List.of(new double[]{1, 2}))).containsExactly(1, Double.NEGATIVE_INFINITY,
                Double.NEGATIVE_INFINITY, 2);
    }

    private static double[] counting(long[] shape) {
        return IntStream.rangeClosed(1, Math.toIntExact(Layout.volume(shape))).asDoubleStream().toArray();
    }

    private static long[] shape(String text) {
        return Arrays.stream(text.strip().split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
