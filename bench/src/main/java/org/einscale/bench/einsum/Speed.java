package org.einscale.bench.einsum;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.einscale.bench.Median;

/**
 * How a case went.
 *
 * @param seconds median over rounds of the seconds of a run, of everyone who took part
 * @param timesLibtorch median over rounds of libtorch's time divided by Einscale's; empty unless both took part
 * @param timesNumpy the same of NumPy
 */
record Speed(EinsumCase what, Map<Participant, Double> seconds, OptionalDouble timesLibtorch,
        OptionalDouble timesNumpy) {
    Speed {
        seconds = Map.copyOf(seconds);
    }

    /** From seconds by participant, a map a round. */
    static Speed of(EinsumCase what, List<Map<Participant, Double>> rounds) {
        Map<Participant, Double> medians = new EnumMap<>(Participant.class);
        for (Participant one : rounds.getFirst().keySet()) {
            medians.put(one, Median.of(rounds.stream().mapToDouble(r -> r.getOrDefault(one, Double.NaN)).toArray()));
        }
        return new Speed(what, medians, times(rounds, Participant.LIBTORCH), times(rounds, Participant.NUMPY));
    }

    /** Of Einscale, in GFLOP/s; empty where it did not take part or the operations are not counted. */
    OptionalDouble gigaflops() {
        OptionalDouble flops = what.flops();
        return Optional.ofNullable(seconds.get(Participant.EINSCALE)).filter(s -> flops.isPresent())
                .map(s -> OptionalDouble.of(flops.getAsDouble() / s / 1e9)).orElse(OptionalDouble.empty());
    }

    /** Of positive ratios; empty if there are none. */
    static OptionalDouble geometricMean(Collection<Double> ratios) {
        OptionalDouble logarithm = ratios.stream().mapToDouble(Math::log).average();
        return logarithm.isPresent() ? OptionalDouble.of(Math.exp(logarithm.getAsDouble())) : logarithm;
    }

    private static OptionalDouble times(List<Map<Participant, Double>> rounds, Participant peer) {
        Map<Participant, Double> first = rounds.getFirst();
        if (!first.containsKey(peer) || !first.containsKey(Participant.EINSCALE)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Median.of(rounds.stream()
                .mapToDouble(r -> r.getOrDefault(peer, Double.NaN) / r.getOrDefault(Participant.EINSCALE, Double.NaN))
                .toArray()));
    }
}
