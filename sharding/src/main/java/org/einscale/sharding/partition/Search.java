package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Finds the way to share work that takes least time, and of those that take as long, the one with most devices.
 *
 * @param options
 *            what a way costs; nothing if it may not be taken
 * @param least
 *            seconds that a way takes at least, which are quicker to tell
 */
record Search(Function<Sharing, Optional<Option>> options, ToDoubleFunction<Sharing> least) {

    /** A way to share work, how long it takes, how many devices take part, and how often something is moved. */
    record Option(Sharing sharing, double time, int devices, int moves) {}

    private record Bound(Sharing sharing, double time) {}

    private static final Comparator<Option> ORDER = Comparator.comparingDouble(Option::time)
            .thenComparingInt(option -> -option.devices()).thenComparingInt(Option::moves);

    /** The best of some ways. */
    Sharing best(List<Sharing> candidates) {
        return candidates.stream().map(options).flatMap(Optional::stream).min(ORDER).orElseThrow(Search::none)
                .sharing();
    }

    /**
     * The best of many ways, from which it goes on to ways near it while these are better.
     *
     * @param near
     *            ways that differ little from one
     */
    Sharing best(List<Sharing> candidates, Function<Sharing, List<Sharing>> near) {
        Option best = among(candidates, Optional.empty()).orElseThrow(Search::none);
        while (true) {
            Option next = among(near.apply(best.sharing()), Optional.of(best)).orElse(best);
            if (next == best) {
                return best.sharing();
            }
            best = next;
        }
    }

    /** The best of those that are better than a known one, looking at the most promising first. */
    private Optional<Option> among(List<Sharing> candidates, Optional<Option> known) {
        List<Bound> bounds = new ArrayList<>();
        candidates.forEach(sharing -> bounds.add(new Bound(sharing, least.applyAsDouble(sharing))));
        bounds.sort(Comparator.comparingDouble(Bound::time));
        Optional<Option> best = known;
        for (Bound bound : bounds) {
            if (best.isPresent() && bound.time() > best.get().time()) {
                break;
            }
            Optional<Option> option = options.apply(bound.sharing());
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
