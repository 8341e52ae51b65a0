package org.einscale.einsum.plan;

import java.util.stream.IntStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;

/**
 * One way to compute a {@link Pair} by matrix products: which operands are copied into a friendlier layout first, which
 * axes one product covers, and which are loops around it.
 *
 * @param m
 *            the loop over left axes that is the rows of a product, -1 for none; n and k alike for columns and summed index
 */
record GemmChoice(boolean copyA, boolean copyB, boolean copyResult, int m, int n, int k, double nanoseconds) {
    /** Rough costs that only have to rank choices: single precision on one core. */
    private static final double CALL = 40;
    private static final double FLOPS_PER_NANOSECOND = 100;
    private static final double ELEMENTS_PER_NANOSECOND = 4;
    private static final double COPIED_PER_NANOSECOND = 1;

    /** All ways that a product can be called with; there is one for every pair, as copies make any layout fit. */
    static List<GemmChoice> candidates(Pair pair) {
        List<GemmChoice> candidates = new ArrayList<>();
        for (int copies = 0; copies < 8; copies++) {
            boolean copyA = (copies & 1) != 0;
            boolean copyB = (copies & 2) != 0;
            boolean copyResult = (copies & 4) != 0;
            Groups groups = Groups.of(
                    copied(pair, copyA, copyB, copyResult, GemmChoice::rowMajor, GemmChoice::rowMajor));
            double copied = (copyA ? pair.a().volume() : 0) + (copyB ? pair.b().volume() : 0)
                    + (copyResult ? pair.result().volume() : 0);
            for (int m = -1; m < groups.left.depth(); m++) {
                for (int n = -1; n < groups.right.depth(); n++) {
                    for (int k = -1; k < groups.contracted.depth(); k++) {
                        Optional<GemmStep.Call> call = groups.call(m, n, k);
                        if (call.isPresent()) {
                            candidates.add(new GemmChoice(copyA, copyB, copyResult, m, n, k,
                                    groups.cost(call.get()) + copied / COPIED_PER_NANOSECOND));
                        }
                    }
                }
            }
        }
        return candidates;
    }

    /** The pair in the layouts of this choice: operands that it copies are what {@code copy} makes of them, the result what {@code temporary} does. */
    Pair copied(Pair pair, UnaryOperator<Place> copy, UnaryOperator<Place> temporary) {
        return copied(pair, copyA, copyB, copyResult, copy, temporary);
    }

    private static Pair copied(Pair pair, boolean copyA, boolean copyB, boolean copyResult, UnaryOperator<Place> copy,
            UnaryOperator<Place> temporary) {
        Pair result = pair;
        if (copyA) {
            result = result.withA(concatenate(pair.batch(), pair.left(), pair.contracted()), copy);
        }
        if (copyB) {
            result = result.withB(concatenate(pair.batch(), pair.contracted(), pair.right()), copy);
        }
        if (copyResult) {
            result = result.withResult(concatenate(pair.batch(), pair.left(), pair.right()), temporary);
        }
        return result;
    }

    private static Place rowMajor(Place place) {
        return Place.rowMajor(place.buffer(), place.sizes());
    }

    private static List<Axis> concatenate(List<Axis> first, List<Axis> second, List<Axis> third) {
        List<Axis> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }

    /** The step for the pair with the copies made. */
    GemmStep step(Pair pair, Precision precision, boolean add) {
        Groups groups = Groups.of(pair);
        GemmStep.Call call = groups.call(m, n, k).orElseThrow();
        Loops outer = join(groups.batch, without(groups.left, m), without(groups.right, n));
        Loops all = join(outer, without(groups.contracted, k));
        boolean swapped = groups.swapped(m, n);
        Loops loops = swapped
                ? new Loops(all.rounds(), new long[][]{all.strides()[1], all.strides()[0], all.strides()[2]})
                : all;
        Address a = pair.a().address(precision);
        Address b = pair.b().address(precision);
        return new GemmStep(precision, call, loops, outer.depth(), swapped ? b : a, swapped ? a : b,
                pair.result().address(precision), add ? 1 : 0);
    }

    private static Loops without(Loops loops, int loop) {
        int[] kept = IntStream.range(0, loops.depth()).filter(i -> i != loop).toArray();
        return new Loops(Arrays.stream(kept).map(i -> loops.rounds()[i]).toArray(),
                Arrays.stream(loops.strides()).map(s -> Arrays.stream(kept).mapToLong(i -> s[i]).toArray())
                        .toArray(long[][]::new));
    }

    private static Loops join(Loops... parts) {
        int[] rounds = Arrays.stream(parts).flatMapToInt(p -> Arrays.stream(p.rounds())).toArray();
        long[][] strides = new long[3][];
        for (int tensor = 0; tensor < 3; tensor++) {
            int t = tensor;
            strides[tensor] = Arrays.stream(parts).flatMapToLong(p -> Arrays.stream(p.strides()[t])).toArray();
        }
        return new Loops(rounds, strides);
    }

    /** The axes of each kind as loops over a, b and the result. */
    private record Groups(Loops batch, Loops left, Loops right, Loops contracted) {

        static Groups of(Pair pair) {
            return new Groups(loops(pair, pair.batch(), 2), loops(pair, pair.left(), 2), loops(pair, pair.right(), 2),
                    loops(pair, pair.contracted(), 0));
        }

        /** Loops in the order of one tensor's memory, so that those that can be joined stand side by side. */
        private static Loops loops(Pair pair, List<Axis> axes, int byTensor) {
            Place[] unsorted = {pair.a(axes), pair.b(axes), pair.result(axes)};
            List<Axis> sorted = axes.stream()
                    .sorted(Comparator.comparingLong((Axis x) -> -unsorted[byTensor].strides()[axes.indexOf(x)]))
                    .toList();
            return Loops.of(pair.sizes(sorted), pair.a(sorted).strides(), pair.b(sorted).strides(),
                    pair.result(sorted).strides());
        }

        private static int rounds(Loops loops, int loop) {
            return loop < 0 ? 1 : loops.rounds()[loop];
        }

        private static long stride(Loops loops, int loop, int tensor) {
            return loop < 0 ? 0 : loops.stride(tensor, loop);
        }

        /** Whether the product computes the transposed result, because that is what has rows in memory. */
        boolean swapped(int m, int n) {
            return n >= 0 && stride(right, n, 2) != 1;
        }

        Optional<GemmStep.Call> call(int m, int n, int k) {
            if (swapped(m, n)) {
                return call(right, n, left, m, k, 1, 0);
            }
            return call(left, m, right, n, k, 0, 1);
        }

        /** The call whose rows are a loop of one tensor and whose columns are one of another, if their strides allow it. */
        private Optional<GemmStep.Call> call(Loops rows, int m, Loops columns, int n, int k, int first, int second) {
            int height = rounds(rows, m);
            int width = rounds(columns, n);
            int depth = rounds(contracted, k);
            long aRow = stride(rows, m, first);
            long aColumn = stride(contracted, k, first);
            long bRow = stride(contracted, k, second);
            long bColumn = stride(columns, n, second);
            long cRow = stride(rows, m, 2);
            long cColumn = stride(columns, n, 2);
            Optional<Boolean> transposeA = transposed(height, depth, aRow, aColumn);
            Optional<Boolean> transposeB = transposed(depth, width, bRow, bColumn);
            Optional<Boolean> transposeC = transposed(height, width, cRow, cColumn);
            if (transposeA.isEmpty() || transposeB.isEmpty() || transposeC.isEmpty() || transposeC.get()) {
                return Optional.empty();
            }
            return Optional.of(new GemmStep.Call(transposeA.get(), transposeB.get(), height, width, depth,
                    leading(transposeA.get(), height, depth, aRow, aColumn),
                    leading(transposeB.get(), depth, width, bRow, bColumn),
                    leading(false, height, width, cRow, cColumn)));
        }

        /** Whether a matrix with these strides is a transposed one in memory; empty if it is no matrix that BLAS takes. */
        private static Optional<Boolean> transposed(int rows, int columns, long rowStride, long columnStride) {
            if ((columns == 1 || columnStride == 1) && (rows == 1 || rowStride >= columns)) {
                return Optional.of(false);
            }
            if ((rows == 1 || rowStride == 1) && (columns == 1 || columnStride >= rows)) {
                return Optional.of(true);
            }
            return Optional.empty();
        }

        private static int leading(boolean transposed, int rows, int columns, long rowStride, long columnStride) {
            long stride = transposed ? columnStride : rowStride;
            return Math.toIntExact(Math.max(Math.max(1, transposed ? rows : columns), stride));
        }

        double cost(GemmStep.Call call) {
            double m = call.m();
            double n = call.n();
            double k = call.k();
            double calls = (double) batch.volume() * left.volume() * right.volume() * contracted.volume() / (m * n * k);
            return calls * (CALL + Math.max(2 * m * n * k / FLOPS_PER_NANOSECOND,
                    (m * k + k * n + 2 * m * n) / ELEMENTS_PER_NANOSECOND));
        }
    }
}
