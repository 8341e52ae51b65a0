package org.einscale.einsum.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Offsets;
import org.einscale.tensor.blas.PackingSpace;
import org.einscale.tensor.blas.StridedGemm;

/**
 * All left, right and contracted axes in one product that packs blocks of the operands as they lie, so that no layout needs a
 * copy; batch axes are loops around it. For float32.
 */
record StridedKernel(List<Loop> rows, List<Loop> columns, List<Loop> sums) implements PairKernel {
    private static final double CALL = 120;
    private static final double FLOPS_PER_NANOSECOND = 190;
    private static final double PACKED_PER_NANOSECOND = 2;
    private static final double STORED_PER_NANOSECOND = 4;
    private static final int TILE_ROWS = 6;
    private static final int TILE_COLUMNS = 16;
    private static final double BLOCK_COLUMNS = 1024;
    private static final double BLOCK_SUMS = 320;
    /** Entries that a table of offsets may have. */
    private static final double LONGEST = 1 << 24;

    /** The two ways round, if the precision and the sizes allow it. */
    static List<PairChoice> choices(List<Loop> loops, Precision precision) {
        return precision == Precision.FLOAT ? choices(loops) : List.of();
    }

    private static List<PairChoice> choices(List<Loop> loops) {
        List<Loop> swapped = loops.stream().map(Loop::swapped).toList();
        return of(loops).flatMap(kernel -> of(swapped)
                .map(other -> List.of(new PairChoice(false, kernel, Loop.of(loops, Kind.BATCH)),
                        new PairChoice(true, other, Loop.of(swapped, Kind.BATCH)))))
                .orElse(List.of());
    }

    private static Optional<StridedKernel> of(List<Loop> loops) {
        StridedKernel kernel = new StridedKernel(Loop.of(loops, Kind.LEFT), Loop.of(loops, Kind.RIGHT),
                Loop.of(loops, Kind.CONTRACTED));
        double longest = Math.max(Loop.volume(kernel.rows),
                Math.max(Loop.volume(kernel.columns), Loop.volume(kernel.sums)));
        double reach = loops.stream()
                .mapToDouble(loop -> loop.rounds() * (double) Math.max(loop.a(), Math.max(loop.b(), loop.c()))).sum();
        return longest <= LONGEST && reach <= Integer.MAX_VALUE ? Optional.of(kernel) : Optional.empty();
    }

    @Override
    public PairKernel prepared() {
        StridedGemm gemm = StridedGemm.of(offsets(rows, Loop::a, Loop::c), offsets(columns, Loop::b, Loop::c),
                offsets(sums, Loop::a, Loop::b));
        return new Prepared(this, gemm);
    }

    private static Offsets offsets(List<Loop> loops, ToLongFunction<Loop> first,
            ToLongFunction<Loop> second) {
        return Offsets.of(loops.stream().mapToInt(Loop::rounds).toArray(),
                loops.stream().mapToLong(first).toArray(), loops.stream().mapToLong(second).toArray());
    }

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        prepared().run(base, a, b, c, add);
    }

    @Override
    public String call() {
        return "packed product " + (long) Loop.volume(rows) + "x" + (long) Loop.volume(columns) + "x"
                + (long) Loop.volume(sums);
    }

    @Override
    public double nanoseconds() {
        double m = Loop.volume(rows);
        double n = Loop.volume(columns);
        double k = Loop.volume(sums);
        double paddedRows = Math.ceil(m / TILE_ROWS) * TILE_ROWS;
        double paddedColumns = Math.ceil(n / TILE_COLUMNS) * TILE_COLUMNS;
        boolean scattered = !columns.isEmpty() && columns.getLast().c() != 1;
        double packed = paddedRows * k * Math.ceil(n / BLOCK_COLUMNS) + paddedColumns * k;
        double stored = m * n * Math.ceil(k / BLOCK_SUMS) * (scattered ? 4 : 1);
        return CALL + 2 * paddedRows * paddedColumns * k / FLOPS_PER_NANOSECOND + packed / PACKED_PER_NANOSECOND
                + stored / STORED_PER_NANOSECOND;
    }

    /** With its tables of offsets. */
    private record Prepared(StridedKernel kernel, StridedGemm gemm) implements PairKernel {
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
