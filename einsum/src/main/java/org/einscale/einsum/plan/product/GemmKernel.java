package org.einscale.einsum.plan.product;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.product.Loop.Kind;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.SmallGemm;

/**
 * A matrix product by BLAS: {@code c = op(a) op(b)}, with op(a) m by k and op(b) k by n.
 *
 * @param most
 *            rows, columns and summed elements that BLAS takes at once
 */
public record GemmKernel(Precision precision, Matrix a, Matrix b, Matrix c, long m, long n, long k, int most)
        implements
            PairKernel {
    /** Terms of a sum that products in blocks of some hundred terms, each added to the result, sum well. */
    static final int LONGEST_SUM = 1 << 16;
    /** Calls whose results can be added one after another. */
    static final int MOST_ADDED = 128;

    /** All choices of loops that BLAS can take as rows, columns and summed index. */
    static List<PairChoice> choices(List<Loop> loops, Target target) {
        List<PairChoice> choices = new ArrayList<>();
        for (boolean swapped : new boolean[]{false, true}) {
            List<Loop> seen = swapped ? loops.stream().map(Loop::swapped).toList() : loops;
            for (Loop m : Loop.optional(seen, Kind.LEFT)) {
                for (Loop n : Loop.optional(seen, Kind.RIGHT)) {
                    for (Loop k : Loop.optional(seen, Kind.CONTRACTED)) {
                        of(m, n, k, target).ifPresent(
                                kernel -> choices.add(new PairChoice(swapped, kernel, Loop.without(seen, m, n, k))));
                    }
                }
            }
        }
        return choices;
    }

    /** The product of rows m, columns n and summed index k, if their strides allow it. */
    private static Optional<PairKernel> of(Loop m, Loop n, Loop k, Target target) {
        Optional<Matrix> a = Matrix.of(m.rounds(), k.rounds(), m.a(), k.a());
        Optional<Matrix> b = Matrix.of(k.rounds(), n.rounds(), k.b(), n.b());
        Optional<Matrix> c = Matrix.of(m.rounds(), n.rounds(), m.c(), n.c()).filter(matrix -> !matrix.transposed);
        return a.isEmpty() || b.isEmpty() || c.isEmpty()
                ? Optional.empty()
                : Optional.of(new GemmKernel(target.precision(), a.get(), b.get(), c.get(), m.rounds(), n.rounds(),
                        k.rounds(), target.most()));
    }

    /**
     * How a matrix lies in memory.
     *
     * @param leading
     *            elements from a stored row to the next
     */
    private record Matrix(boolean transposed, int leading) {

        /** The matrix with these strides; empty if it is none that BLAS takes. */
        static Optional<Matrix> of(long rows, long columns, long rowStride, long columnStride) {
            if ((columns == 1 || columnStride == 1) && (rows == 1 || isLeading(rowStride, columns))) {
                return Optional.of(new Matrix(false, leading(rows, rowStride, columns)));
            }
            if ((rows == 1 || rowStride == 1) && (columns == 1 || isLeading(columnStride, rows))) {
                return Optional.of(new Matrix(true, leading(columns, columnStride, rows)));
            }
            return Optional.empty();
        }

        private static boolean isLeading(long stride, long length) {
            return stride >= length && stride <= Integer.MAX_VALUE;
        }

        /** That of a single row does not matter, but has to be its length at least. */
        private static int leading(long count, long stride, long length) {
            return (int) (count == 1 ? Math.clamp(length, 1, Integer.MAX_VALUE) : stride);
        }

        /** Where the part from a row and a column on is, in elements. */
        long at(long row, long column) {
            return transposed ? column * leading + row : row * leading + column;
        }
    }

    @Override
    public LoopBody body() {
        return (base, x, y, z, add) -> run(x, y, z, add);
    }

    private void run(long x, long y, long z, boolean add) {
        int bytes = precision.bytes();
        for (long l = 0; l < k; l += most) {
            for (long i = 0; i < m; i += most) {
                for (long j = 0; j < n; j += most) {
                    SmallGemm.chunked(precision, a.transposed, b.transposed, piece(m, i), piece(n, j), piece(k, l), 1,
                            x + a.at(i, l) * bytes, a.leading, y + b.at(l, j) * bytes, b.leading, add || l > 0 ? 1 : 0,
                            z + c.at(i, j) * bytes, c.leading);
                }
            }
        }
    }

    private int piece(long count, long from) {
        return (int) Math.min(most, count - from);
    }

    @Override
    public String call() {
        return (precision == Precision.FLOAT ? "sgemm " : "dgemm ") + (a.transposed ? "T" : "N")
                + (b.transposed ? "T" : "N") + " " + m + "x" + n + "x" + k;
    }

    @Override
    public double longestSum() {
        return Math.min(LONGEST_SUM, (double) MOST_ADDED * k);
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        return estimates.gemm().nanoseconds(precision, a.transposed, b.transposed, m, n, k, b.leading);
    }
}
