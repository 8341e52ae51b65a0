package org.einscale.einsum.plan.tape;

import static org.einscale.einsum.plan.loop.LoopNest.A;
import static org.einscale.einsum.plan.loop.LoopNest.C;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.loop.LoopNest;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** Copies of a tensor into another layout. */
public final class Copies {
    /** Nanoseconds a copy, and a row of elements that are side by side in both places. */
    private static final double CALL = 30;
    private static final double PER_ROW = 6;
    /** The same where no cache holds both tensors. */
    private static final double PER_FAR_ROW = 20;
    /** Bytes of memory traffic an element. */
    private static final double FAR_BYTES = 6;
    /** Times an element copied alone: one beyond the caches, and one in blocks that are transposed, in the caches and beyond. */
    private static final double FAR_ALONE = 2.7;
    private static final double TRANSPOSED = 0.3;
    private static final double FAR_TRANSPOSED = 1.2;

    private Copies() {
    }

    /** Writes the copy on the tape; both places have the same sizes. */
    public static void emit(Tape tape, Place to, Place from, String why) {
        if (to.volume() > 0) {
            LoopBody body = body(tape.kernels(), tape.most(), to.sizes(), from.strides(), to.strides());
            tape.add(LoopStep.of(body, from, to, tape.precision()),
                    Work.copy(tape.target(), "copy " + Arrays.toString(to.sizes()) + " " + why, from, to), to.buffer(),
                    from.buffer());
        }
    }

    /**
     * Copies elements from one layout to another.
     *
     * @param most
     *            elements that a kernel takes at once
     * @param rounds
     *            sizes of the axes, with their strides in the source and in the target
     */
    public static LoopBody body(Kernels kernels, int most, long[] rounds, long[] from, long[] to) {
        Loops loops = ordered(rounds, from, to);
        int depth = loops.depth();
        int inner = transposes(loops) ? 2 : Math.min(depth, 1);
        Loops inside = loops.inner(depth - inner);
        LoopBody body = switch (inner) {
            case 0 -> (base, source, none, target, add) -> kernels.copy(target, 1, source, 1, 1);
            case 1 -> (base, source, none, target, add) -> row(kernels, most, inside, source, target);
            default -> (base, source, none, target, add) -> transpose(kernels, most, inside, source, target);
        };
        return LoopNest.of(body, loops.outer(depth - inner), kernels.precision().bytes());
    }

    /** Loops with the one that writes side by side innermost and the one that reads side by side around it. */
    private static Loops ordered(long[] rounds, long[] from, long[] to) {
        Loops loops = LoopNest.loops(rounds, from, to);
        return loops.take(IntStream.range(0, loops.depth()).boxed()
                .sorted(Comparator
                        .comparingInt((Integer i) -> loops.stride(C, i) == 1 ? 2 : loops.stride(A, i) == 1 ? 1 : 0))
                .mapToInt(i -> i).toArray());
    }

    private static boolean transposes(Loops loops) {
        int depth = loops.depth();
        return depth >= 2 && loops.stride(C, depth - 1) == 1 && loops.stride(A, depth - 2) == 1;
    }

    private static void row(Kernels kernels, int most, Loops loop, long source, long target) {
        int bytes = kernels.precision().bytes();
        long from = loop.stride(A, 0);
        long to = loop.stride(C, 0);
        long rounds = loop.rounds()[0];
        for (long i = 0; i < rounds; i += most) {
            kernels.copy(target + i * to * bytes, to, source + i * from * bytes, from,
                    (int) Math.min(most, rounds - i));
        }
    }

    private static void transpose(Kernels kernels, int most, Loops loops, long source, long target) {
        int bytes = kernels.precision().bytes();
        long to = loops.stride(C, 0);
        long from = loops.stride(A, 1);
        long columns = loops.rounds()[0];
        long rows = loops.rounds()[1];
        for (long r = 0; r < rows; r += most) {
            for (long c = 0; c < columns; c += most) {
                kernels.transpose(target + (c * to + r) * bytes, to, source + (r * from + c) * bytes, from,
                        (int) Math.min(most, rows - r), (int) Math.min(most, columns - c));
            }
        }
    }

    /** About how long a copy takes: only has to rank ways that copy with others. */
    public static double nanoseconds(Place to, Place from, Profile profile) {
        Loops loops = ordered(to.sizes(), from.strides(), to.strides());
        Rates rates = profile.rates();
        double volume = loops.volume();
        boolean far = profile.caches().far(2 * Float.BYTES * volume);
        int inner = loops.depth() - 1;
        if (inner >= 0 && loops.stride(C, inner) == 1 && loops.stride(A, inner) == 1) {
            double rows = volume / loops.rounds()[inner];
            return CALL + rows * (far ? PER_FAR_ROW : PER_ROW) + volume / rates.copied()
                    + (far ? FAR_BYTES * volume / rates.memory() : 0);
        }
        double alone = transposes(loops) ? far ? FAR_TRANSPOSED : TRANSPOSED : far ? FAR_ALONE : 1;
        return CALL + alone * volume / rates.scattered();
    }
}
