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
    private static final double COPIED_ELEMENTS_PER_NANOSECOND = 0.7;
    private static final double COPY_CALL = 50;

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
        List<Copying> all = new ArrayList<>();
        for (int copies = 0; copies < (tape.copies() ? 8 : 1); copies++) {
            boolean a = (copies & 1) != 0;
            boolean b = (copies & 2) != 0;
            boolean result = (copies & 4) != 0;
            double copied = copyTime(a, pair.a()) + copyTime(b, pair.b()) + copyTime(result, pair.result());
            List<Loop> loops = Loop.of(copied(pair, a, b, result, PairChoices::rowMajor));
            List<PairChoice> choices = GemmKernel.choices(loops, tape.precision());
            choices.addAll(StridedKernel.choices(loops, tape.precision()));
            choices.addAll(DotKernel.choices(loops, tape.precision()));
            choices.addAll(RowKernel.choices(loops, tape.kernels()));
            choices.forEach(
                    choice -> all.add(new Copying(a, b, result, choice, choice.nanoseconds() + copied)));
        }
        return all.stream().min(Comparator.comparingDouble(Copying::nanoseconds)).orElseThrow();
    }

    private static double copyTime(boolean copied, Place place) {
        return copied ? COPY_CALL + place.volume() / COPIED_ELEMENTS_PER_NANOSECOND : 0;
    }

    private static Place rowMajor(Place place) {
        return Place.rowMajor(place.buffer(), place.sizes());
    }

    /** The pair with the chosen tensors in their new layouts, at the places that {@code move} makes for them. */
    static Pair copied(Pair pair, boolean a, boolean b, boolean result, UnaryOperator<Place> move) {
        Pair copied = pair;
        if (a) {
            copied = copied.withA(concatenate(pair.batch(), pair.left(), pair.contracted()), move);
        }
        if (b) {
            copied = copied.withB(concatenate(pair.batch(), pair.contracted(), pair.right()), move);
        }
        if (result) {
            copied = copied.withResult(concatenate(pair.batch(), pair.left(), pair.right()), move);
        }
        return copied;
    }

    private static List<Axis> concatenate(List<Axis> first, List<Axis> second, List<Axis> third) {
        List<Axis> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }
}
