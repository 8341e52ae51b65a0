package org.einscale.einsum.equation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Which parts of a composed axis would have been possible. */
final class Divisors {
    private Divisors() {
    }

    /** The divisors of a size just below and above a number, as the end of a message; empty if there is nothing to divide. */
    static String hint(int size, long number) {
        if (size == 0 || number == 0) {
            return "";
        }
        List<Long> divisors = LongStream.rangeClosed(1, (long) Math.sqrt(size)).filter(n -> size % n == 0)
                .flatMap(n -> LongStream.of(n, size / n)).distinct().sorted().boxed().toList();
        LongStream below = divisors.stream().mapToLong(n -> n).filter(n -> n <= number).skip(
                divisors.stream().filter(n -> n <= number).count() - 1);
        LongStream above = divisors.stream().mapToLong(n -> n).filter(n -> n > number).limit(1);
        return "; the nearest divisors are " + LongStream.concat(below, above).mapToObj(Long::toString)
                .collect(Collectors.joining(" and "));
    }
}
