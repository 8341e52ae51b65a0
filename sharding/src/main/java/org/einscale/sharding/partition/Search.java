package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Finds the way to share work that takes least time, and of those that take as long, the one with most devices.
 *
 * @param options
 *            what a way costs; nothing if it may not be taken
 * @param least
 *            seconds that a way takes at least, which are quicker to tell
 */
record Search(Function<Sharing, Optional<Option>> options, ToDoubleFunction<Sharing> least) {

    /**
     * A way to share work, and what it takes.
     *
     * @param devices
     *            that take part
     * @param moves
     *            of operands and the result
     * @param work
     *            operations of a device
     * @param bytes
     *            that it sends
     * @param rounds
     *            in which it waits for others
     */
    record Option(Sharing sharing, double time, int devices, int moves, double work, double bytes, int rounds) {
        Option with(UnaryOperator<Sharing> change) {
            return new Option(change.apply(sharing), time, devices, moves, work, bytes, rounds);
        }

        Choice.Way way() {
            return Choice.Way.of(sharing, time, work, bytes, rounds);
        }
    }

    private record Bound(Sharing sharing, double time) {}

    private static final Comparator<Option> ORDER = Comparator.comparingDouble(Option::time)
            .thenComparingInt(option -> -option.devices()).thenComparingInt(Option::moves);

    /** The best of some ways, and those that come after it. */
    List<Option> best(List<Sharing> candidates) {
        return ranked(candidates.stream().distinct().map(options).flatMap(Optional::stream));
    }

    /**
     * The best of many ways, from which it goes on to ways near it while these are better; then the best of the others that it
     * has looked at.
     *
     * @param near
     *            ways that differ little from one
     */
    List<Option> best(List<Sharing> candidates, Function<Sharing, List<Sharing>> near) {
        Set<Option> seen = new LinkedHashSet<>();
        Option best = among(candidates, Optional.empty(), seen).orElseThrow(Search::none);
        while (true) {
            Option next = among(near.apply(best.sharing()), Optional.of(best), seen).orElse(best);
            if (next == best) {
                return ranked(seen.stream());
            }
            best = next;
        }
    }

    private static List<Option> ranked(Stream<Option> all) {
        List<Option> ranked = all.sorted(ORDER).limit(1 + Choice.REJECTED).toList();
        if (ranked.isEmpty()) {
            throw none();
        }
        return ranked;
    }

    /** The best of those that are better than a known one, looking at the most promising first. */
    private Optional<Option> among(List<Sharing> candidates, Optional<Option> known, Set<Option> seen) {
        List<Bound> bounds = new ArrayList<>();
        candidates.forEach(sharing -> bounds.add(new Bound(sharing, least.applyAsDouble(sharing))));
        bounds.sort(Comparator.comparingDouble(Bound::time));
        Optional<Option> best = known;
        for (Bound bound : bounds) {
            if (best.isPresent() && bound.time() > best.get().time()) {
                break;
            }
            Optional<Option> option = options.apply(bound.sharing());
            option.ifPresent(seen::add);
            if (option.isPresent() && (best.isEmpty() || ORDER.compare(option.get(), best.get()) < 0)) {
                best = option;
            }
        }
        return best;
    }

    private static IllegalStateException none() {
        return new IllegalStateException("no way to share a statement");
    }
}
