package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.SmallGemm;

/** A matrix product by BLAS: {@code c = op(a) op(b)}, with op(a) m by k and op(b) k by n. */
record GemmKernel(Precision precision, boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb,
        int ldc) implements PairKernel {
    /** Terms of a sum that products in blocks of some hundred terms, each added to the result, sum well. */
    static final int LONGEST_SUM = 1 << 16;
    /** Calls whose results can be added one after another. */
    static final int MOST_ADDED = 128;

    /** All choices of loops that BLAS can take as rows, columns and summed index. */
    static List<PairChoice> choices(List<Loop> loops, Precision precision) {
        List<PairChoice> choices = new ArrayList<>();
        for (boolean swapped : new boolean[]{false, true}) {
            List<Loop> seen = swapped ? loops.stream().map(Loop::swapped).toList() : loops;
            for (Loop m : Loop.optional(seen, Kind.LEFT)) {
                for (Loop n : Loop.optional(seen, Kind.RIGHT)) {
                    for (Loop k : Loop.optional(seen, Kind.CONTRACTED)) {
                        of(m, n, k, precision).ifPresent(
                                kernel -> choices.add(new PairChoice(swapped, kernel, Loop.without(seen, m, n, k))));
                    }
                }
            }
        }
        return choices;
    }

    /** The product of rows m, columns n and summed index k, if their strides allow it. */
    private static Optional<PairKernel> of(Loop m, Loop n, Loop k, Precision precision) {
        Optional<Boolean> a = transposed(m.rounds(), k.rounds(), m.a(), k.a());
        Optional<Boolean> b = transposed(k.rounds(), n.rounds(), k.b(), n.b());
        Optional<Boolean> c = transposed(m.rounds(), n.rounds(), m.c(), n.c());
        if (a.isEmpty() || b.isEmpty() || c.isEmpty() || c.get()) {
            return Optional.empty();
        }
        return Optional.of(new GemmKernel(precision, a.get(), b.get(), m.rounds(), n.rounds(), k.rounds(),
                leading(a.get(), m.rounds(), k.rounds(), m.a(), k.a()),
                leading(b.get(), k.rounds(), n.rounds(), k.b(), n.b()),
                leading(false, m.rounds(), n.rounds(), m.c(), n.c())));
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

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        SmallGemm.chunked(precision, transposeA, transposeB, m, n, k, 1, a, lda, b, ldb, add ? 1 : 0, c, ldc);
    }

    @Override
    public String call() {
        return (precision == Precision.FLOAT ? "sgemm " : "dgemm ") + (transposeA ? "T" : "N")
                + (transposeB ? "T" : "N") + " " + m + "x" + n + "x" + k;
    }

    @Override
    public double longestSum() {
        return Math.min(LONGEST_SUM, (double) MOST_ADDED * k);
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        return estimates.gemm().nanoseconds(precision, transposeA, transposeB, m, n, k, ldb);
    }
}
