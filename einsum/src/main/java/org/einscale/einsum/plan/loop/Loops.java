package org.einscale.einsum.plan.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Nested loops over several tensors at once: how many rounds each makes, outermost first, and how far each tensor's
 * position moves, in elements. Loops of one round are dropped and loops that run on into one another are joined, so that
 * equal index spaces have equal loops.
 */
public record Loops(long[] rounds, long[][] strides) {

    /**
     * @param rounds
     *            size of each axis
     * @param strides
     *            for each tensor the stride of each axis
     */
    public static Loops of(long[] rounds, long[]... strides) {
        List<Integer> kept = new ArrayList<>();
        long[] sizes = rounds.clone();
        long[][] moves = Arrays.stream(strides).map(long[]::clone).toArray(long[][]::new);
        for (int axis = 0; axis < rounds.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (!kept.isEmpty() && joins(moves, kept.getLast(), axis, sizes[axis])) {
                int outer = kept.removeLast();
                sizes[axis] *= sizes[outer];
            }
            kept.add(axis);
        }
        return new Loops(sizes, moves).take(kept.stream().mapToInt(i -> i).toArray());
    }

    private static boolean joins(long[][] strides, int outer, int inner, long innerRounds) {
        return Arrays.stream(strides).allMatch(s -> s[outer] == s[inner] * innerRounds);
    }

    public int depth() {
        return rounds.length;
    }

    /** Elements in the whole index space. */
    public long volume() {
        long volume = 1;
        for (long count : rounds) {
            volume *= count;
        }
        return volume;
    }

    public long stride(int tensor, int loop) {
        return strides[tensor][loop];
    }

    /** Some of these loops, by their numbers, the outermost one first. */
    public Loops take(int... which) {
        return new Loops(Arrays.stream(which).mapToLong(i -> rounds[i]).toArray(), Arrays.stream(strides)
                .map(s -> Arrays.stream(which).mapToLong(i -> s[i]).toArray()).toArray(long[][]::new));
    }

    public Loops take(IntPredicate which) {
        return take(IntStream.range(0, depth()).filter(which).toArray());
    }

    /** These loops without the innermost ones. */
    public Loops outer(int count) {
        return take(i -> i < count);
    }

    /** These loops without the outermost ones. */
    public Loops inner(int from) {
        return take(i -> i >= from);
    }

    /** Those loops along which some tensor moves. */
    public Loops moving() {
        return take(i -> Arrays.stream(strides).anyMatch(s -> s[i] != 0));
    }

    /** Position of a tensor in a given round of the loops, counted row-major, in elements. */
    public long position(int tensor, long round) {
        long position = 0;
        long rest = round;
        for (int i = rounds.length - 1; i >= 0; i--) {
            position += rest % rounds[i] * strides[tensor][i];
            rest /= rounds[i];
        }
        return position;
    }
}
