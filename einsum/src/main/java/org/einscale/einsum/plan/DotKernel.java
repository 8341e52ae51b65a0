package org.einscale.einsum.plan;

import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.DotGemm;

/**
 * All left, right and contracted axes in one product of rows that are contiguous in both operands along a contracted axis; batch
 * axes are loops around it. For float32.
 *
 * @param sums
 *            contracted loops but for that along the rows
 * @param length
 *            of the rows
 */
record DotKernel(List<Loop> rows, List<Loop> columns, List<Loop> sums, int length) implements PairKernel {
    private static final double CALL = 150;
    private static final double FLOPS_PER_NANOSECOND = 230;
    private static final double READ_PER_NANOSECOND = 20;
    private static final double READ_FROM_MEMORY_PER_NANOSECOND = 6;
    private static final double NANOSECONDS_PER_JOINED_PIECE = 4;
    private static final double NANOSECONDS_PER_REST = 15;
    private static final double NANOSECONDS_PER_SUM = 3;
    private static final double NANOSECONDS_PER_BLOCK_OF_A_SUM = 0.5;
    private static final double NANOSECONDS_PER_BLOCK_OF_MANY_SUMS = 4;
    /** Sums whose vectors no longer fit into half of an L2 cache. */
    private static final double MANY_SUMS = 8192;
    /** Elements of the operands that no longer stay in the caches. */
    private static final double MANY_ELEMENTS = 1 << 21;
    /** Elements of the operands that stay in an L2 cache. */
    private static final double FEW_ELEMENTS = 1 << 18;
    private static final int LANES = 16;
    private static final int SHORTEST_IN_PLACE = 64;
    private static final double BLOCK_SUMS = 1024;
    private static final double BLOCK_COLUMNS = 160;
    private static final double BLOCK_PLACES = 23900;

    /** Both ways round for each axis that is contiguous in both operands, if the precision and the sizes allow it. */
    static List<PairChoice> choices(List<Loop> loops, Precision precision) {
        if (precision != Precision.FLOAT) {
            return List.of();
        }
        List<Loop> swapped = loops.stream().map(Loop::swapped).toList();
        return Stream.concat(choices(false, loops), choices(true, swapped)).toList();
    }

    private static Stream<PairChoice> choices(boolean swapped, List<Loop> loops) {
        List<Loop> sums = Loop.of(loops, Kind.CONTRACTED);
        return sums.stream().filter(loop -> loop.a() == 1 && loop.b() == 1)
                .map(along -> new DotKernel(Loop.of(loops, Kind.LEFT), Loop.of(loops, Kind.RIGHT),
                        Loop.without(sums, along), along.rounds()))
                .filter(kernel -> PackedKernel.fits(loops, List.of(kernel.rows, kernel.columns, kernel.sums)))
                .map(kernel -> new PairChoice(swapped, kernel, Loop.of(loops, Kind.BATCH)));
    }

    @Override
    public PairKernel prepared() {
        DotGemm gemm = DotGemm.of(PackedKernel.offsets(rows, Loop::a, Loop::c),
                PackedKernel.offsets(columns, Loop::b, Loop::c), PackedKernel.offsets(sums, Loop::a, Loop::b), length);
        return new PackedKernel(this, gemm::run);
    }

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        prepared().run(base, a, b, c, add);
    }

    @Override
    public String call() {
        return "dot product tiles " + (long) Loop.volume(rows) + "x" + (long) Loop.volume(columns) + "x"
                + (long) (Loop.volume(sums) * length);
    }

    @Override
    public double nanoseconds() {
        double m = Loop.volume(rows);
        double n = Loop.volume(columns);
        double groups = Loop.volume(sums);
        double terms = groups * length;
        double products = places(m, 6, 4) * places(n, 4, 3);
        return CALL + 2 * products * terms / FLOPS_PER_NANOSECOND + reading(m, n, terms) + joining(m, n, groups)
                + summing(products, terms);
    }

    /** A is read once for each block of columns, B once for each block of rows. */
    private static double reading(double m, double n, double terms) {
        double columns = Math.ceil(n / BLOCK_COLUMNS);
        double rows = Math.ceil(m * (n / columns) / BLOCK_PLACES);
        double read = m * terms * columns + n * terms * rows;
        return read / ((m + n) * terms > MANY_ELEMENTS ? READ_FROM_MEMORY_PER_NANOSECOND : READ_PER_NANOSECOND);
    }

    private double joining(double m, double n, double groups) {
        if (length < SHORTEST_IN_PLACE || (m + n) * groups * length < FEW_ELEMENTS && length % LANES != 0) {
            return (m + n) * groups * NANOSECONDS_PER_JOINED_PIECE;
        }
        return length % LANES == 0 ? 0 : (m + n) * groups * NANOSECONDS_PER_REST;
    }

    private static double summing(double products, double terms) {
        double block = products > MANY_SUMS && terms > BLOCK_SUMS
                ? NANOSECONDS_PER_BLOCK_OF_MANY_SUMS
                : NANOSECONDS_PER_BLOCK_OF_A_SUM;
        return products * (NANOSECONDS_PER_SUM + block * Math.ceil(terms / BLOCK_SUMS));
    }

    /** Rows or columns with those that fill up tiles. */
    private static double places(double count, int wide, int narrow) {
        double strips = Math.ceil(count / wide);
        return strips * narrow
                + Math.max(0, Math.ceil((count - strips * narrow) / (wide - narrow))) * (wide - narrow);
    }
}
