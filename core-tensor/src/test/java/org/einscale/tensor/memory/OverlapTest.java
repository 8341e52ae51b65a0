package org.einscale.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapTest {
    private static final int WIDTH = 4;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3 3         | 3 1      | false
            3 3         | 1 1      | true
            3 3         | 1 3      | false
            2 4         | 0 1      | true
            1 4         | 0 1      | false
            0 4         | 0 0      | false
            3 2         | 2 3      | false
            4 2         | 2 3      | false
            4 3         | 2 3      | true
            4 3         | 2 -3     | true
            2 3 4       | 12 4 1   | false
            2 3 5       | 12 4 1   | true
            2 3 5       | 13 4 1   | true
            1000 999    | 999 1000 | false
            1001 1000   | 999 1000 | true
            50000 50000 | 50000 1  | false
            """)
    void elementsOfOneArray(String shape, String strides, boolean overlap) {
        assertThat(Overlap.within(numbers(shape), numbers(strides))).isEqualTo(overlap);
    }

    /** Against the places of all elements. */
    @Test
    void isExact() {
        Random random = new Random(5);
        int overlapping = 0;
        int apart = 0;
        for (int i = 0; i < 20_000; i++) {
            long[] shape = random.longs(random.nextInt(4), i % 9 == 0 ? 0 : 1, 5).toArray();
            long[] strides = random.longs(shape.length, -9, 10).toArray();
            long[] otherShape = random.longs(random.nextInt(4), i % 7 == 0 ? 0 : 1, 5).toArray();
            long[] otherStrides = random.longs(otherShape.length, -9, 10).toArray();
            long first = random.nextInt(40);
            List<Long> one = places(first, shape, strides);
            Set<Long> distinct = new HashSet<>(one);
            assertThat(Overlap.within(shape, strides)).as(Arrays.toString(shape) + Arrays.toString(strides))
                    .isEqualTo(distinct.size() < one.size());
            boolean meet = places(0, otherShape, otherStrides).stream().anyMatch(distinct::contains);
            assertThat(Overlap.between(first * WIDTH, shape, strides, 0, otherShape, otherStrides, WIDTH))
                    .as("%d %s %s and %s %s", first, Arrays.toString(shape), Arrays.toString(strides),
                            Arrays.toString(otherShape), Arrays.toString(otherStrides))
                    .isEqualTo(meet);
            overlapping += meet ? 1 : 0;
            apart += meet ? 0 : 1;
        }
        assertThat(Math.min(overlapping, apart)).isGreaterThan(2_000);
    }

    @Test
    void partsOfOneElementAreShared() {
        long[] shape = {4};
        long[] dense = {1};
        assertThat(Overlap.between(0, shape, dense, 15, shape, dense, WIDTH)).isTrue();
        assertThat(Overlap.between(0, shape, dense, 16, shape, dense, WIDTH)).isFalse();
        assertThat(Overlap.between(17, shape, dense, 0, shape, dense, WIDTH)).isFalse();
    }

    /** Strides without any order, of which no multiples can be told apart at a glance. */
    @Test
    void whatTakesTooLongCountsAsOverlapping() {
        long[] shape = LongStream.generate(() -> 9).limit(24).toArray();
        long[] strides = new Random(6).longs(24, 1L << 40, 1L << 41).toArray();
        assertThat(Overlap.within(shape, strides)).isTrue();
    }

    private static List<Long> places(long first, long[] shape, long[] strides) {
        List<Long> places = List.of(first);
        for (int i = 0; i < shape.length; i++) {
            List<Long> more = new ArrayList<>();
            for (long place : places) {
                for (int j = 0; j < shape[i]; j++) {
                    more.add(place + j * strides[i]);
                }
            }
            places = more;
        }
        return places;
    }

    private static long[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }
}
