package org.einscale.einsum.plan;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.DotGemm;
import org.einscale.tensor.blas.Offsets;
import org.einscale.tensor.blas.PackingSpace;

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
    private static final double PACKED_PER_NANOSECOND = 10;
    private static final double NANOSECONDS_PER_PIECE = 10;
    private static final double NANOSECONDS_PER_SUM = 2;
    private static final double NANOSECONDS_PER_BLOCK_OF_A_SUM = 1;
    private static final int LANES = 16;
    private static final int SHORTEST_IN_PLACE = 64;
    private static final double BLOCK_SUMS = 1024;
    private static final double BLOCK_COLUMNS = 160;
    /** Entries that a table of offsets may have. */
    private static final double LONGEST = 1 << 24;

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
                .filter(kernel -> kernel.fits(loops))
                .map(kernel -> new PairChoice(swapped, kernel, Loop.of(loops, Kind.BATCH)));
    }

    private boolean fits(List<Loop> loops) {
        double longest = Math.max(Loop.volume(rows), Math.max(Loop.volume(columns), Loop.volume(sums)));
        double reach = loops.stream()
                .mapToDouble(loop -> loop.rounds() * (double) Math.max(loop.a(), Math.max(loop.b(), loop.c()))).sum();
        return longest <= LONGEST && reach <= Integer.MAX_VALUE;
    }

    @Override
    public PairKernel prepared() {
        DotGemm gemm = DotGemm.of(offsets(rows, Loop::a, Loop::c), offsets(columns, Loop::b, Loop::c),
                offsets(sums, Loop::a, Loop::b), length);
        return new Prepared(this, gemm);
    }

    private static Offsets offsets(List<Loop> loops, ToLongFunction<Loop> first, ToLongFunction<Loop> second) {
        return Offsets.of(loops.stream().mapToInt(Loop::rounds).toArray(),
                loops.stream().mapToLong(first).toArray(), loops.stream().mapToLong(second).toArray());
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
        boolean inPlace = length >= SHORTEST_IN_PLACE;
        double joined = inPlace ? groups * (length % LANES) : terms;
        double packed = m * terms * Math.ceil(n / BLOCK_COLUMNS) + n * joined;
        double pieces = joined > 0 ? (m + n) * groups : 0;
        return CALL + 2 * products * terms / FLOPS_PER_NANOSECOND + packed / PACKED_PER_NANOSECOND
                + pieces * NANOSECONDS_PER_PIECE
                + products * (NANOSECONDS_PER_SUM + NANOSECONDS_PER_BLOCK_OF_A_SUM * Math.ceil(terms / BLOCK_SUMS));
    }

    /** Rows or columns with those that fill up tiles. */
    private static double places(double count, int wide, int narrow) {
        double strips = Math.ceil(count / wide);
        return strips * narrow
                + Math.max(0, Math.ceil((count - strips * narrow) / (wide - narrow))) * (wide - narrow);
    }

    /** With its tables of offsets. */
    private record Prepared(DotKernel kernel, DotGemm gemm) implements PairKernel {
        @Override
        public void run(long[] base, long a, long b, long c, boolean add) {
            gemm.run(PackingSpace.ofThread(), a, b, add, c);
        }

        @Override
        public String call() {
            return kernel.call();
        }

        @Override
        public double nanoseconds() {
            return kernel.nanoseconds();
        }
    }
}
