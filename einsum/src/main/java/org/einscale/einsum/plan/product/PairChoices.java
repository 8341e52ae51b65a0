package org.einscale.einsum.plan.product;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.Target;

/**
 * The ways to compute a {@link Pair}, with its tensors as they are or copied into the layouts that matrix products like best:
 * batch axes first, contracted axes side by side. Times are estimates for a machine profile rather than measured on the spot,
 * since a choice that depended on a measurement would make results depend on it in their last digits.
 */
public final class PairChoices {
    /** How much slower a way that copies counts than it is: its copies take memory, and the place of others in the caches. */
    private static final double COPYING = 1.1;

    /** A choice, and the tensors that are copied for it: an operand before, the result after. */
    public record Copying(Layouts layouts, PairChoice choice, double nanoseconds) {}

    private static final Comparator<Copying> BY_TIME = Comparator.comparingDouble(Copying::nanoseconds);

    private final Target target;
    private final Estimates estimates;
    /** What was found best, by axes, sizes and strides: layers repeat their products. */
    private final Map<List<Object>, Copying> best = new HashMap<>();

    public PairChoices(Target target) {
        this.target = target;
        this.estimates = Estimates.of(target.machine().usable());
    }

    /** The fastest by estimate; of equals the one that copies least. */
    public Copying best(Pair pair) {
        return best.computeIfAbsent(pair.form(), _ -> search(pair));
    }

    private Copying search(Pair pair) {
        Optional<Copying> least = Optional.empty();
        for (Layouts layouts : layouts(pair)) {
            double copied = copied(pair, layouts);
            // What copies for longer than another way takes as a whole is not looked into.
            if (least.filter(found -> found.nanoseconds <= copied).isEmpty()) {
                least = Stream.concat(least.stream(), of(pair, layouts, copied)).min(BY_TIME);
            }
        }
        return least.orElseThrow();
    }

    /** All there are, those that copy less first. */
    List<Copying> all(Pair pair) {
        return layouts(pair).stream().flatMap(layouts -> of(pair, layouts, copied(pair, layouts))).toList();
    }

    private List<Layouts> layouts(Pair pair) {
        return IntStream.range(0, target.copies() ? 8 : 1)
                .mapToObj(copies -> Layouts.of(pair, (copies & 1) != 0, (copies & 2) != 0, (copies & 4) != 0)).toList();
    }

    /** Nanoseconds that the copies take. */
    private double copied(Pair pair, Layouts layouts) {
        return layouts.a().map(order -> copyTime(pair.a(order))).orElse(0.0)
                + layouts.b().map(order -> copyTime(pair.b(order))).orElse(0.0)
                + layouts.result().map(order -> copyBackTime(pair.result(order))).orElse(0.0);
    }

    private Stream<Copying> of(Pair pair, Layouts layouts, double copied) {
        List<Loop> loops = Loop.of(layouts.apply(pair, PairChoices::rowMajor, PairChoices::rowMajor));
        List<PairChoice> choices = GemmKernel.choices(loops, target);
        choices.addAll(PackedKernel.choices(loops, target.precision(), estimates.profile()));
        choices.addAll(DotKernel.choices(loops, target.precision(), estimates.profile()));
        choices.addAll(RowKernel.choices(loops, target));
        double weight = layouts.any() ? COPYING : 1;
        return choices.stream().map(
                choice -> new Copying(layouts, choice, weight * (choice.nanoseconds(loops, estimates) + copied)));
    }

    private double copyTime(Place place) {
        return Copies.nanoseconds(rowMajor(place), place, estimates.profile());
    }

    private double copyBackTime(Place place) {
        return Copies.nanoseconds(place, rowMajor(place), estimates.profile());
    }

    private static Place rowMajor(Place place) {
        return Place.rowMajor(place.buffer(), place.sizes());
    }
}
