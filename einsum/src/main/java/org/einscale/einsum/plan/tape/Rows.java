package org.einscale.einsum.plan.tape;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.einscale.einsum.plan.memory.Place;

/** Layouts of a tensor as rows along some of its axes. */
public final class Rows {
    private Rows() {
    }

    /** The place itself if it is row-major without gaps, else a copy that is. */
    public static Place contiguous(Tape tape, Place place, String why) {
        if (place.contiguous()) {
            return place;
        }
        Place copy = tape.temporary(place.sizes());
        Copies.emit(tape, copy, place, why);
        return copy;
    }

    /** The order of axes in which the given ones come last and the others keep their order. */
    public static int[] last(int rank, int... axes) {
        return IntStream.concat(others(rank, axes), Arrays.stream(axes)).toArray();
    }

    /** The order of axes in which the given one comes first and the others keep their order. */
    public static int[] first(int rank, int axis) {
        return IntStream.concat(IntStream.of(axis), others(rank, axis)).toArray();
    }

    private static IntStream others(int rank, int... axes) {
        return IntStream.range(0, rank).filter(i -> Arrays.stream(axes).noneMatch(a -> a == i));
    }
}
