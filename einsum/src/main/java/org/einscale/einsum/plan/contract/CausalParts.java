package org.einscale.einsum.plan.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.plan.product.Pair;
import org.einscale.einsum.plan.product.PairChoices;
import org.einscale.tensor.Axis;

/**
 * A product that counts on one side of a diagonal only: it is cut into blocks along one axis, each with the range of the
 * other axis that counts for some position of the block.
 *
 * @param upper
 *            whether that range is from the start up to the diagonal, rather than from the diagonal to the end
 */
public record CausalParts(Axis blocked, Axis bounded, boolean upper) {
    private static final int MOST_PARTS = 8;
    /** Blocks begin at multiples of this, so that tiles fill them. */
    private static final int ALIGNMENT = 16;

    /** The fastest cut by estimate: the pair itself, or its blocks. */
    List<Pair> fastest(Pair pair, PairChoices choices) {
        return Stream.iterate(1, count -> count <= MOST_PARTS, count -> 2 * count).map(count -> parts(pair, count))
                .min(Comparator.comparingDouble(parts -> nanoseconds(parts, choices))).orElseThrow();
    }

    private static double nanoseconds(List<Pair> parts, PairChoices choices) {
        return parts.stream().filter(part -> part.volume(part.contracted()) > 0)
                .mapToDouble(part -> choices.best(part).nanoseconds()).sum();
    }

    /** About {@code count} blocks of the same size; one that counts nothing keeps its place in the result. */
    public List<Pair> parts(Pair pair, int count) {
        long size = pair.size(blocked);
        long other = pair.size(bounded);
        if (count == 1 || size == 0) {
            return List.of(pair);
        }
        List<Pair> parts = new ArrayList<>();
        long step = Math.max(ALIGNMENT, Math.ceilDiv(Math.ceilDiv(size, count), ALIGNMENT) * ALIGNMENT);
        for (long start = 0; start < size; start += step) {
            long end = Math.min(size, start + step);
            long from = upper ? 0 : Math.clamp(start - (size - other), 0, other);
            long to = upper ? Math.clamp(end + other - size, 0, other) : other;
            parts.add(pair.slice(blocked, start, end - start).slice(bounded, from, to - from));
        }
        return parts;
    }
}
