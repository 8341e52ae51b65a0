package org.einscale.einsum.plan.tape;

import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Place;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;

/** Copies a tensor into another layout. */
public final class CopyStep implements Step {
    private static final int TO = 0;
    private static final int FROM = 1;
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

    private final Kernels kernels;
    private final int bytes;
    private final Address to;
    private final Address from;
    private final Loops loops;
    private final boolean transposes;
    private final int most;

    private CopyStep(Tape tape, Place to, Place from) {
        Precision precision = tape.precision();
        this.kernels = tape.kernels();
        this.bytes = precision.bytes();
        this.most = tape.most();
        this.to = to.address(precision);
        this.from = from.address(precision);
        this.loops = ordered(Loops.of(to.sizes(), to.strides(), from.strides()));
        this.transposes = transposes(loops);
    }

    private static boolean transposes(Loops loops) {
        int depth = loops.depth();
        return depth >= 2 && loops.stride(TO, depth - 1) == 1 && loops.stride(FROM, depth - 2) == 1;
    }

    /** Writes the copy on the tape; both places have the same sizes. */
    public static void emit(Tape tape, Place to, Place from, String why) {
        if (to.volume() > 0) {
            tape.add(new CopyStep(tape, to, from),
                    Work.copy(tape.target(), "copy " + Arrays.toString(to.sizes()) + " " + why, from, to), to.buffer(),
                    from.buffer());
        }
    }

    /** The loops with the one that writes side by side innermost and the one that reads side by side around it. */
    private static Loops ordered(Loops loops) {
        int[] order = IntStream.range(0, loops.depth()).boxed()
                .sorted(Comparator
                        .comparingInt((Integer i) -> loops.stride(TO, i) == 1 ? 2 : loops.stride(FROM, i) == 1 ? 1 : 0))
                .mapToInt(i -> i).toArray();
        return new Loops(Arrays.stream(order).mapToLong(i -> loops.rounds()[i]).toArray(),
                Arrays.stream(loops.strides()).map(s -> Arrays.stream(order).mapToLong(i -> s[i]).toArray())
                        .toArray(long[][]::new));
    }

    /** About how long a copy takes: only has to rank ways that copy with others. */
    public static double nanoseconds(Place to, Place from, Profile profile) {
        Loops loops = ordered(Loops.of(to.sizes(), to.strides(), from.strides()));
        Rates rates = profile.rates();
        double volume = loops.volume();
        boolean far = profile.caches().far(2 * Float.BYTES * volume);
        int inner = loops.depth() - 1;
        if (inner >= 0 && loops.stride(TO, inner) == 1 && loops.stride(FROM, inner) == 1) {
            double rows = volume / loops.rounds()[inner];
            return CALL + rows * (far ? PER_FAR_ROW : PER_ROW) + volume / rates.copied()
                    + (far ? FAR_BYTES * volume / rates.memory() : 0);
        }
        double alone = transposes(loops) ? far ? FAR_TRANSPOSED : TRANSPOSED : far ? FAR_ALONE : 1;
        return CALL + alone * volume / rates.scattered();
    }

    @Override
    public void run(long[] base) {
        nest(0, to.in(base), from.in(base));
    }

    private void nest(int depth, long target, long source) {
        int left = loops.depth() - depth;
        if (left == 0) {
            kernels.copy(target, 1, source, 1, 1);
        } else if (left == 2 && transposes) {
            transpose(depth, target, source);
        } else if (left == 1) {
            copy(depth, target, source);
        } else {
            for (long i = 0; i < loops.rounds()[depth]; i++) {
                nest(depth + 1, target + i * loops.stride(TO, depth) * bytes,
                        source + i * loops.stride(FROM, depth) * bytes);
            }
        }
    }

    private void copy(int depth, long target, long source) {
        long to = loops.stride(TO, depth);
        long from = loops.stride(FROM, depth);
        long rounds = loops.rounds()[depth];
        for (long i = 0; i < rounds; i += most) {
            kernels.copy(target + i * to * bytes, to, source + i * from * bytes, from,
                    (int) Math.min(most, rounds - i));
        }
    }

    private void transpose(int depth, long target, long source) {
        long to = loops.stride(TO, depth);
        long from = loops.stride(FROM, depth + 1);
        long columns = loops.rounds()[depth];
        long rows = loops.rounds()[depth + 1];
        for (long r = 0; r < rows; r += most) {
            for (long c = 0; c < columns; c += most) {
                kernels.transpose(target + (c * to + r) * bytes, to, source + (r * from + c) * bytes, from,
                        (int) Math.min(most, rows - r), (int) Math.min(most, columns - c));
            }
        }
    }
}
