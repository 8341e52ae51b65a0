package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.einscale.tensor.blas.SmallGemm;

/** A matrix product by BLAS: {@code c = op(a) op(b)}, with op(a) m by k and op(b) k by n. */
record GemmKernel(Precision precision, boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb,
        int ldc) implements PairKernel {
    /** GFLOP/s for every number in a vector, at the full speed that large products reach. */
    private static final double FLOPS_PER_NANOSECOND_AND_LANE = 15.5;
    /** Nanoseconds to start a product that packs its operands, and to pack or store an element. */
    private static final double CALL = 60;
    private static final double PACK_LEFT = 0.05;
    private static final double PACK_LEFT_TRANSPOSED = 0.12;
    private static final double PACK_RIGHT = 0.25;
    private static final double STORE = 0.04;
    /** The tile that such a product computes at the least. */
    private static final int TILE_ROWS = 4;
    private static final int TILE_COLUMNS = 8;
    /** The same for one that does not pack, which is also bound by how fast it reads. */
    private static final double UNPACKED_CALL = 25;
    private static final double UNPACKED_STORE = 0.02;
    private static final double UNPACKED_READ = 1 / 30.0;
    /** The same for a row whose end fills no vector, and for a sum across vectors. */
    private static final double TAIL = 3.5;
    private static final double DOT = 0.3;
    /** The same for a row of a matrix times a vector, and for an element of a vector that is not contiguous. */
    private static final double GATHER = 0.3;
    private static final double VECTOR_ROW = 3;

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
    public double nanoseconds() {
        double rate = FLOPS_PER_NANOSECOND_AND_LANE * Gemm.lanes(precision);
        double read = (double) m * k + (double) k * n;
        double stored = (double) m * n;
        if (!SmallGemm.unpacked(precision, transposeA, transposeB, m, n, k)) {
            double flops = 2 * padded(m, TILE_ROWS) * padded(n, TILE_COLUMNS) * k;
            double wider = precision.bytes() / (double) Float.BYTES;
            return CALL + flops / rate
                    + wider * ((double) m * k * (transposeA ? PACK_LEFT_TRANSPOSED : PACK_LEFT)
                            + (double) k * n * PACK_RIGHT + stored * STORE);
        }
        if (m == 1 || n == 1) {
            int rows = n == 1 ? transposeA ? k : m : transposeB ? n : k;
            double gathered = n == 1 && ldb > 1 ? k * GATHER : 0;
            return UNPACKED_CALL + Math.max(read * UNPACKED_READ, rows * VECTOR_ROW) + gathered;
        }
        double flops = 2 * stored * k;
        double tails = n % Gemm.lanes(precision) == 0 ? 0 : m * TAIL;
        boolean dots = transposeB && !transposeA;
        return UNPACKED_CALL + Math.max(flops / rate, read * UNPACKED_READ) + tails
                + stored * (dots ? DOT : UNPACKED_STORE);
    }

    private static double padded(int count, int unit) {
        return (double) Math.ceilDiv(count, unit) * unit;
    }
}
