package org.einscale.einsum.plan.reduce;

import static org.einscale.einsum.plan.loop.LoopNest.A;
import static org.einscale.einsum.plan.loop.LoopNest.C;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.loop.LoopNest;
import org.einscale.einsum.plan.loop.Loops;
import org.einscale.einsum.plan.map.MapGroup;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Copies;
import org.einscale.einsum.plan.tape.LoopStep;
import org.einscale.einsum.plan.tape.Rows;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Reduce;

/**
 * Reductions along axes of tensors as they lie. Loops go through the operand in the order of its memory. A kernel call takes
 * the loop along which elements lie side by side and one more: if that loop is kept, rows are combined, and if it is reduced,
 * the elements within each row. The other loops go around the call. Elements that a tensor repeats are combined once, and
 * multiplied, or raised to a power.
 */
public final class ReduceLowering {
    /** Fewer elements a call, and the call costs more than the elements. */
    private static final int FEW = 64;
    /** Elements of a short vector. */
    private static final int SHORT = 8;
    /** Most rounds of loops around a kernel whose results are added one after another: more lose digits. */
    private static final int MOST_ADDED = 128;
    /** Floats in a line of cache: elements further apart share none. */
    private static final int LINE = 16;

    private final Tape tape;
    private final boolean partial;

    public ReduceLowering(Tape tape) {
        this(tape, false);
    }

    private ReduceLowering(Tape tape, boolean partial) {
        this.tape = tape;
        this.partial = partial;
    }

    /** Combines partial results, which is counted with the elements that these combine. */
    public static ReduceLowering ofPartialResults(Tape tape) {
        return new ReduceLowering(tape, true);
    }

    /**
     * Combines along the operand's axes that are not kept.
     *
     * @param kept
     *            positions of the operand's axes that the result has, in the result's order
     */
    public void reduce(Reduction reduction, Place operand, int[] kept, Place result) {
        Reduce kind = kind(reduction);
        if (result.volume() == 0) {
            return;
        }
        if (operand.volume() == 0) {
            MapGroup.write(tape, result, group -> Pointwise.constant(kind.neutral()));
            return;
        }
        Place different = operand.once(i -> operand.strides()[i] == 0 && Arrays.stream(kept).noneMatch(k -> k == i));
        long times = operand.volume() / different.volume();
        if (times == 1 || kind == Reduce.MAXIMUM || kind == Reduce.MINIMUM) {
            write(kind, result.spread(kept, different.sizes()), different);
            return;
        }
        Place once = tape.temporary(result.sizes());
        write(kind, once.spread(kept, different.sizes()), different);
        MapGroup.write(tape, result, group -> {
            Pointwise x = Pointwise.operand(group.operand(once));
            return kind == Reduce.SUM ? x.times(Pointwise.constant(times)) : power(x, times);
        });
    }

    /** By the power of a square, since a large odd number is even in float32. */
    private static Pointwise power(Pointwise x, long exponent) {
        Pointwise even = Pointwise.combine(Binary.POWER, x.times(x), Pointwise.constant(exponent / 2));
        return exponent % 2 == 0 ? even : even.times(x);
    }

    private static Reduce kind(Reduction reduction) {
        return switch (reduction) {
            case SUM -> Reduce.SUM;
            case PROD -> Reduce.PRODUCT;
            case MAX -> Reduce.MAXIMUM;
            case MIN -> Reduce.MINIMUM;
            case MEAN, LOG_SUM_EXP -> throw new IllegalStateException(reduction + " is made of others by now");
        };
    }

    /** Both places have the operand's axes; the result does not move along those that are reduced. */
    private void write(Reduce kind, Place result, Place operand) {
        Loops loops = inMemoryOrder(result, operand);
        Place to = along(result, loops, C);
        Place from = along(operand, loops, A);
        int inner = last(loops, i -> loops.stride(A, i) == 1);
        int reduced = last(loops, i -> loops.stride(C, i) == 0);
        if (reduced < 0) {
            Copies.emit(tape, to, from, "to reorder");
        } else if (kind == Reduce.PRODUCT && IntStream.range(0, reduced).anyMatch(i -> loops.stride(C, i) == 0)) {
            inOneCall(kind, to, from);
        } else if (inner < 0) {
            apart(kind, loops, to, from, reduced);
        } else if (loops.stride(C, inner) == 0) {
            columns(kind, loops, to, from, inner);
        } else if (loops.stride(C, inner) == 1) {
            rows(kind, loops, to, from, inner, reduced);
        } else {
            stage(kind, to, from, i -> loops.stride(C, i) == 0);
        }
    }

    /** Copies the operand so that one loop is reduced: parts of a product may leave the range, of which a kernel alone knows. */
    private void inOneCall(Reduce kind, Place to, Place from) {
        int[] reduced = IntStream.range(0, to.strides().length).filter(i -> to.strides()[i] == 0).toArray();
        int[] order = Rows.last(to.strides().length, reduced);
        write(kind, to.permute(order), Rows.contiguous(tape, from.permute(order), "to multiply"));
    }

    /** The loops sorted by how far they move in the operand; those that stay at an element repeat everything and go first. */
    private static Loops inMemoryOrder(Place to, Place from) {
        int[] order = IntStream.range(0, from.sizes().length).boxed()
                .sorted(Comparator
                        .comparingLong((Integer i) -> from.strides()[i] == 0 ? Long.MIN_VALUE : -from.strides()[i]))
                .mapToInt(i -> i).toArray();
        return LoopNest.loops(from.permute(order).sizes(), from.permute(order).strides(), to.permute(order).strides());
    }

    private static Place along(Place place, Loops loops, int tensor) {
        return new Place(place.buffer(), place.offset(), loops.rounds(), loops.strides()[tensor]);
    }

    /** The innermost loop of a kind, or -1. */
    private static int last(Loops loops, IntPredicate which) {
        return IntStream.range(0, loops.depth()).filter(which).max().orElse(-1);
    }

    /** No elements lie side by side: they are taken one by one where each is in a cache line of its own or next to be combined. */
    private void apart(Reduce kind, Loops loops, Place to, Place from, int reduced) {
        int innermost = loops.depth() - 1;
        boolean inOrder = reduced == innermost || loops.stride(A, innermost) >= LINE;
        if (inOrder && loops.rounds()[reduced] >= SHORT) {
            emitRows(kind, loops, to, from, reduced, -1);
        } else {
            write(kind, to, Rows.contiguous(tape, from, "to reduce"));
        }
    }

    private void rows(Reduce kind, Loops loops, Place to, Place from, int inner, int reduced) {
        int split = worthStaging(loops, loops.rounds()[reduced] * loops.rounds()[inner]);
        if (split >= 0 && split != reduced) {
            stage(kind, to, from, i -> i <= split && loops.stride(C, i) == 0);
        } else {
            emitRows(kind, loops, to, from, reduced, inner);
        }
    }

    private void columns(Reduce kind, Loops loops, Place to, Place from, int inner) {
        int kept = last(loops, i -> loops.stride(C, i) != 0);
        long rows = kept < 0 ? 1 : loops.rounds()[kept];
        int split = worthStaging(loops, rows * loops.rounds()[inner]);
        if (split >= 0 && split != inner) {
            stage(kind, to, from, i -> i <= split && loops.stride(C, i) == 0);
        } else {
            emitColumns(kind, loops, to, from, kept, inner);
        }
    }

    /**
     * The innermost reduced loop around enough elements without gaps that combining those first, as one row, makes calls of
     * many more elements than the given number; -1 if there is none, or calls are large enough as they are.
     */
    private static int worthStaging(Loops loops, long elementsPerCall) {
        long inside = 1;
        for (int i = loops.depth() - 1; i >= 0 && elementsPerCall < FEW; i--) {
            if (loops.stride(C, i) == 0 && inside >= SHORT && loops.rounds()[i] * inside >= 4 * elementsPerCall) {
                return i;
            }
            if (loops.stride(A, i) != inside) {
                return -1;
            }
            inside *= loops.rounds()[i];
        }
        return -1;
    }

    /** Reduces along some loops first, into a temporary without gaps in the order of the operand's memory, and then along the others. */
    private void stage(Reduce kind, Place to, Place from, IntPredicate first) {
        int[] rest = IntStream.range(0, from.sizes().length).filter(first.negate()).toArray();
        Place temporary = tape.temporary(from.permute(rest).sizes());
        long[] strides = new long[from.sizes().length];
        for (int i = 0; i < rest.length; i++) {
            strides[rest[i]] = temporary.strides()[i];
        }
        write(kind, new Place(temporary.buffer(), 0, from.sizes(), strides), from);
        ofPartialResults(tape).write(kind, to.permute(rest), temporary);
    }

    /** Whether the result is the sum of so many calls that they must be added in parts. */
    private static boolean addsMany(Reduce kind, Loops around) {
        return kind == Reduce.SUM && addedRounds(around) > MOST_ADDED;
    }

    private static double addedRounds(Loops around) {
        return IntStream.range(0, around.depth()).filter(i -> around.stride(C, i) == 0)
                .mapToDouble(i -> around.rounds()[i]).reduce(1, (x, y) -> x * y);
    }

    /**
     * Sums blocks of the longest reduced loop but one, and then the sums of the blocks as rows of a matrix.
     *
     * @param one
     *            the loop that a kernel reduces
     */
    private void inBlocks(Loops loops, Place to, Place from, int one) {
        int[] reduced = IntStream.range(0, loops.depth()).filter(i -> i != one && loops.stride(C, i) == 0).toArray();
        int longest = Arrays.stream(reduced).boxed().max(Comparator.comparing(i -> loops.rounds()[i])).orElseThrow();
        double others = Arrays.stream(reduced).filter(i -> i != longest).mapToDouble(i -> loops.rounds()[i]).reduce(1,
                (x, y) -> x * y);
        long length = loops.rounds()[longest];
        long block = Math.max(1, (long) (MOST_ADDED / others));
        long whole = length / block;
        long inBlocks = whole * block;
        int[] kept = IntStream.range(0, loops.depth()).filter(i -> loops.stride(C, i) != 0).toArray();
        Place keptTo = to.permute(kept);
        Place sums = tape.temporary(Place.prepended(Math.ceilDiv(length, block), keptTo.sizes()));
        long[] strides = new long[loops.depth()];
        for (int i = 0; i < kept.length; i++) {
            strides[kept[i]] = sums.strides()[i + 1];
        }
        Place blocks = from.slice(longest, 0, inBlocks).split(longest, new long[]{whole, block});
        write(Reduce.SUM, new Place(sums.buffer(), 0, blocks.sizes(), inserted(strides, longest, sums.strides()[0])),
                blocks);
        if (inBlocks < length) {
            Place rest = from.slice(longest, inBlocks, length - inBlocks);
            write(Reduce.SUM, new Place(sums.buffer(), whole * sums.strides()[0], rest.sizes(), strides), rest);
        }
        ofPartialResults(tape).write(Reduce.SUM,
                new Place(to.buffer(), to.offset(), sums.sizes(), inserted(keptTo.strides(), 0, 0)), sums);
    }

    private static long[] inserted(long[] strides, int at, long stride) {
        return LongStream.concat(LongStream.concat(Arrays.stream(strides, 0, at), LongStream.of(stride)),
                Arrays.stream(strides, at, strides.length)).toArray();
    }

    /** Rows are along {@code inner}, or single elements if that is -1, and rows of a matrix along {@code reduced}. */
    private void emitRows(Reduce kind, Loops loops, Place to, Place from, int reduced, int inner) {
        long rows = loops.rounds()[reduced];
        long n = inner < 0 ? 1 : loops.rounds()[inner];
        Loops around = loops.take(i -> i != reduced && i != inner);
        if (addsMany(kind, around)) {
            inBlocks(loops, to, from, reduced);
            return;
        }
        LoopBody body = new ReduceRows(tape.kernels().reduction(kind), loops.stride(A, reduced), rows, n,
                tape.precision().bytes(), tape.most());
        add(body, around, text(kind) + " of rows " + rows + "x" + n, to, from);
    }

    /** Rows are along {@code inner}, and rows of a matrix along {@code kept}; a single row if that is -1. */
    private void emitColumns(Reduce kind, Loops loops, Place to, Place from, int kept, int inner) {
        long rows = kept < 0 ? 1 : loops.rounds()[kept];
        long n = loops.rounds()[inner];
        Loops around = loops.take(i -> i != kept && i != inner);
        if (addsMany(kind, around)) {
            inBlocks(loops, to, from, inner);
            return;
        }
        LoopBody body = new ReduceColumns(tape.kernels().reduction(kind), kept < 0 ? 0 : loops.stride(C, kept),
                kept < 0 ? 0 : loops.stride(A, kept), rows, n, tape.precision().bytes(), tape.most());
        add(body, around, text(kind) + " along rows " + rows + "x" + n, to, from);
    }

    private void add(LoopBody body, Loops around, String call, Place to, Place from) {
        Step step = LoopStep.of(LoopNest.of(body, around, tape.precision().bytes()), from, to, tape.precision());
        tape.add(step, call + (around.volume() > 1 ? " times " + around.volume() : ""), partial ? 0 : from.volume(),
                List.of(from), to);
    }

    private static String text(Reduce kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
