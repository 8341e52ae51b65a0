package org.einscale.einsum.plan.product;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.tensor.Axis;

/**
 * Which tensors of a {@link Pair} are copied for its product, and in which order of axes: such that those of a kind are one loop,
 * in the copies and in the tensors that stay as they are, and the axis along which an operand's elements lie side by side stays
 * innermost, as far as that leaves a matrix.
 */
public record Layouts(Optional<List<Axis>> a, Optional<List<Axis>> b, Optional<List<Axis>> result) {

    static Layouts of(Pair pair, boolean a, boolean b, boolean result) {
        List<Axis> left = result ? pair.left() : ordered(pair.left(), pair.output());
        List<Axis> right = result ? pair.right() : ordered(pair.right(), pair.output());
        List<Axis> contracted = a && !b ? pair.contractedByRight() : pair.contracted();
        List<Axis> batch = pair.batch();
        return new Layouts(
                when(a, contiguous(pair.a(left)) ? joined(batch, contracted, left) : joined(batch, left, contracted)),
                when(b, contiguous(pair.b(contracted))
                        ? joined(batch, right, contracted)
                        : joined(batch, contracted, right)),
                when(result, joined(batch, left, right)));
    }

    private static List<Axis> ordered(List<Axis> axes, List<Axis> order) {
        return axes.stream().sorted(Comparator.comparing(order::indexOf)).toList();
    }

    /** Whether elements lie side by side along one of the axes. */
    private static boolean contiguous(Place place) {
        for (int i = 0; i < place.sizes().length; i++) {
            if (place.strides()[i] == 1 && place.sizes()[i] > 1) {
                return true;
            }
        }
        return false;
    }

    private static List<Axis> joined(List<Axis> first, List<Axis> second, List<Axis> third) {
        List<Axis> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }

    private static Optional<List<Axis>> when(boolean copied, List<Axis> order) {
        return copied ? Optional.of(order) : Optional.empty();
    }

    /** Whether anything is copied. */
    boolean any() {
        return a.isPresent() || b.isPresent() || result.isPresent();
    }

    /** The pair with the copied tensors at the places that are made for them: operands first. */
    public Pair apply(Pair pair, UnaryOperator<Place> copy, UnaryOperator<Place> temporary) {
        Pair first = a.isPresent() ? pair.withA(a.get(), copy) : pair;
        Pair second = b.isPresent() ? first.withB(b.get(), copy) : first;
        return result.isPresent() ? second.withResult(result.get(), temporary) : second;
    }
}
