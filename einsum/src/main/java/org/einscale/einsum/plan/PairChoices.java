package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.einscale.tensor.Axis;

/**
 * The ways to compute a {@link Pair}, with its tensors as they are or copied into the layouts that matrix products like best:
 * batch axes first, contracted axes side by side. Times are estimates from fixed rates rather than measured on the spot, since a
 * choice that depended on a measurement would make results depend on it in their last digits.
 */
final class PairChoices {
    /** How much slower a way that copies counts than it is: its copies take memory, and the place of others in the caches. */
    private static final double COPYING = 1.1;

    /**
     * A choice, and the tensors that are copied for it: an operand before, the result after.
     */
    record Copying(boolean a, boolean b, boolean result, PairChoice choice, double nanoseconds) {

        boolean any() {
            return a || b || result;
        }
    }

    private final Tape tape;

    PairChoices(Tape tape) {
        this.tape = tape;
    }

    /** The fastest by estimate; of equals the one that copies least. */
    Copying best(Pair pair) {
        return all(pair).stream().min(Comparator.comparingDouble(Copying::nanoseconds)).orElseThrow();
    }

    /** All there are, those that copy less first. */
    List<Copying> all(Pair pair) {
        List<Copying> all = new ArrayList<>();
        for (int copies = 0; copies < (tape.copies() ? 8 : 1); copies++) {
            boolean a = (copies & 1) != 0;
            boolean b = (copies & 2) != 0;
            boolean result = (copies & 4) != 0;
            double copied = (a ? copyTime(pair.a(leftOrder(pair))) : 0) + (b ? copyTime(pair.b(rightOrder(pair))) : 0)
                    + (result ? copyBackTime(pair.result(resultOrder(pair))) : 0);
            List<Loop> loops = Loop.of(copied(pair, a, b, result, PairChoices::rowMajor));
            List<PairChoice> choices = GemmKernel.choices(loops, tape.precision());
            choices.addAll(StridedKernel.choices(loops, tape.precision()));
            choices.addAll(DotKernel.choices(loops, tape.precision()));
            choices.addAll(RowKernel.choices(loops, tape.kernels()));
            double weight = copies == 0 ? 1 : COPYING;
            choices.forEach(choice -> all
                    .add(new Copying(a, b, result, choice, weight * (choice.nanoseconds(loops) + copied))));
        }
        return all;
    }

    private static double copyTime(Place place) {
        return CopyStep.nanoseconds(rowMajor(place), place);
    }

    private static double copyBackTime(Place place) {
        return CopyStep.nanoseconds(place, rowMajor(place));
    }

    private static Place rowMajor(Place place) {
        return Place.rowMajor(place.buffer(), place.sizes());
    }

    /** The pair with the chosen tensors in their new layouts, at the places that {@code move} makes for them. */
    static Pair copied(Pair pair, boolean a, boolean b, boolean result, UnaryOperator<Place> move) {
        Pair copied = pair;
        if (a) {
            copied = copied.withA(leftOrder(pair), move);
        }
        if (b) {
            copied = copied.withB(rightOrder(pair), move);
        }
        if (result) {
            copied = copied.withResult(resultOrder(pair), move);
        }
        return copied;
    }

    private static List<Axis> leftOrder(Pair pair) {
        return concatenate(pair.batch(), pair.left(), pair.contracted());
    }

    private static List<Axis> rightOrder(Pair pair) {
        return concatenate(pair.batch(), pair.contracted(), pair.right());
    }

    private static List<Axis> resultOrder(Pair pair) {
        return concatenate(pair.batch(), pair.left(), pair.right());
    }

    private static List<Axis> concatenate(List<Axis> first, List<Axis> second, List<Axis> third) {
        List<Axis> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }
}
