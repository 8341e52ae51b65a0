package org.einscale.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How an implementation did at a size.
 *
 * @param millis median over rounds of milliseconds a step
 * @param timesLibtorch median over rounds of libtorch's time divided by this one; empty where libtorch was not measured
 * @param sgemm median over rounds of a large product, in GFLOP/s
 */
record Result(ModelSize size, Implementation implementation, double millis, OptionalDouble timesLibtorch,
        double sgemm) {
    /** A result for every implementation that took part, in the order of the enum. */
    static List<Result> of(ModelSize size, List<Round> rounds) {
        double sgemm = Median.of(rounds.stream().mapToDouble(Round::sgemm).toArray());
        List<Result> results = new ArrayList<>();
        for (Implementation one : Implementation.values()) {
            if (rounds.getFirst().millis().containsKey(one)) {
                double millis = Median.of(rounds.stream().mapToDouble(r -> millis(r, one)).toArray());
                results.add(new Result(size, one, millis, timesLibtorch(rounds, one), sgemm));
            }
        }
        return results;
    }

    double tokensPerSecond() {
        return size.tokens() / millis * 1e3;
    }

    /** Of the products with parameters, 6 N a token. */
    double gigaflops() {
        return size.parameterFlops() / millis / 1e6;
    }

    /** Of the products with parameters and attention, 6 N + 12 L T d a token. */
    double gigaflopsWithAttention() {
        return (size.parameterFlops() + size.attentionFlops()) / millis / 1e6;
    }

    /** {@link #gigaflops} divided by what a large product reached in the same minutes. */
    double shareOfPeak() {
        return gigaflops() / sgemm;
    }

    private static OptionalDouble timesLibtorch(List<Round> rounds, Implementation one) {
        if (!rounds.getFirst().millis().containsKey(Implementation.LIBTORCH)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Median.of(
                rounds.stream().mapToDouble(r -> millis(r, Implementation.LIBTORCH) / millis(r, one)).toArray()));
    }

    private static double millis(Round round, Implementation implementation) {
        return Objects.requireNonNull(round.millis().get(implementation));
    }
}
