package org.einscale.einsum.binding;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which parts of a composed axis are possible. */
final class Divisors {
    /** Numbers that are tried: enough for all sizes of an axis that is not composed. */
    private static final double MOST = 1 << 16;

    private Divisors() {
    }

    /** The divisors of a size: the smallest above 1 first, 1 last. Of size 0, of which every number is a divisor, 2. */
    static List<Integer> of(long size) {
        int[] small = IntStream.rangeClosed(1, (int) Math.min(MOST, Math.sqrt(size))).filter(n -> size % n == 0)
                .toArray();
        List<Integer> sorted = size == 0
                ? List.of(2)
                : IntStream.concat(IntStream.of(small), IntStream.of(small).mapToLong(n -> size / n)
                        .filter(n -> n <= Integer.MAX_VALUE).mapToInt(n -> (int) n))
                        .distinct().sorted().boxed().toList();
        return sorted.getFirst() == 1 ? Stream.concat(sorted.stream().skip(1), Stream.of(1)).toList() : sorted;
    }
}
