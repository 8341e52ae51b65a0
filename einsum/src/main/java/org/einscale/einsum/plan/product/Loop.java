package org.einscale.einsum.plan.product;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.tensor.Axis;

/**
 * A loop over the index space of a {@link Pair}: its rounds, and how far the position in each tensor moves in one, in
 * elements. A loop may stand for several axes that run on into one another in all three tensors.
 *
 * @param c
 *            stride in the result
 */
public record Loop(Kind kind, long rounds, long a, long b, long c) {

    /** Which tensors have the axes of a loop. */
    enum Kind {
        /** Both operands and the result. */
        BATCH,
        /** The left operand and the result. */
        LEFT,
        /** The right operand and the result. */
        RIGHT,
        /** Both operands. */
        CONTRACTED;

        private Kind swapped() {
            return switch (this) {
                case LEFT -> RIGHT;
                case RIGHT -> LEFT;
                case BATCH, CONTRACTED -> this;
            };
        }
    }

    /** No loop: one round. */
    static Loop none(Kind kind) {
        return new Loop(kind, 1, 0, 0, 0);
    }

    /** All loops of a pair, those of each kind in the order of memory: of the result, or of the left operand where that lacks them. */
    static List<Loop> of(Pair pair) {
        List<Loop> loops = new ArrayList<>();
        add(loops, Kind.BATCH, pair, pair.batch());
        add(loops, Kind.LEFT, pair, pair.left());
        add(loops, Kind.RIGHT, pair, pair.right());
        add(loops, Kind.CONTRACTED, pair, pair.contracted());
        return loops;
    }

    private static void add(List<Loop> loops, Kind kind, Pair pair, List<Axis> axes) {
        long[] order = (kind == Kind.CONTRACTED ? pair.a(axes) : pair.result(axes)).strides();
        List<Axis> sorted = axes.stream().sorted(Comparator.comparingLong((Axis x) -> -order[axes.indexOf(x)]))
                .toList();
        Loops joined = Loops.of(pair.sizes(sorted), pair.a(sorted).strides(), pair.b(sorted).strides(),
                pair.result(sorted).strides());
        for (int i = 0; i < joined.depth(); i++) {
            loops.add(
                    new Loop(kind, joined.rounds()[i], joined.stride(0, i), joined.stride(1, i), joined.stride(2, i)));
        }
    }

    /** The same with the operands' places swapped. */
    Loop swapped() {
        return new Loop(kind.swapped(), rounds, b, a, c);
    }

    /** Those of a kind. */
    static List<Loop> of(List<Loop> loops, Kind kind) {
        return loops.stream().filter(loop -> loop.kind == kind).toList();
    }

    /** Those of a kind, and none at all. */
    static List<Loop> optional(List<Loop> loops, Kind kind) {
        List<Loop> some = new ArrayList<>(of(loops, kind));
        some.add(none(kind));
        return some;
    }

    /** Loops without some of them. */
    static List<Loop> without(List<Loop> loops, Loop... inner) {
        List<Loop> outer = new ArrayList<>(loops);
        for (Loop loop : inner) {
            outer.remove(loop);
        }
        return outer;
    }

    static double volume(List<Loop> loops) {
        double volume = 1;
        for (Loop loop : loops) {
            volume *= loop.rounds;
        }
        return volume;
    }

    /** Loops from the outermost to the innermost: those that add to the same elements of the result. */
    static List<Loop> inOrder(List<Loop> loops) {
        return loops.stream().sorted(Comparator.comparing(loop -> loop.kind == Kind.CONTRACTED)).toList();
    }

    /** Loops one within another, for a {@link LoopNest}. */
    static Loops nest(List<Loop> loops) {
        List<Loop> sorted = inOrder(loops);
        return new Loops(sorted.stream().mapToLong(Loop::rounds).toArray(),
                new long[][]{sorted.stream().mapToLong(Loop::a).toArray(),
                    sorted.stream().mapToLong(Loop::b).toArray(), sorted.stream().mapToLong(Loop::c).toArray()});
    }
}
