package org.einscale.einsum.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.einscale.einsum.plan.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Offsets;
import org.einscale.tensor.blas.StridedGemm;

/**
 * All left, right and contracted axes in one product that packs blocks of the operands as they lie, so that no layout needs a
 * copy; batch axes are loops around it. For float32.
 */
record StridedKernel(List<Loop> rows, List<Loop> columns, List<Loop> sums) implements PairKernel {
    private static final double CALL = 60;
    /** Floats in the vectors that the times below are for. */
    private static final int VECTOR = 16;
    /** GFLOP/s for every number in a vector, of the tile for such vectors and of the smaller one for shorter ones. */
    private static final double FLOPS_PER_NANOSECOND_AND_LANE = 15.3;
    private static final double SMALL_TILE = 0.5;
    /** Nanoseconds to pack or store an element in whole vectors, in blocks that are transposed, and alone. */
    private static final double IN_VECTORS = 0.12;
    private static final double IN_BLOCKS = 0.2;
    private static final double ALONE = 1.2;
    /** The same more for an element of a tensor that the caches do not hold: read as it lies, transposed, or added to. */
    private static final double FROM_MEMORY = 0.25;
    private static final double TRANSPOSED_FROM_MEMORY = 0.55;
    private static final double ADDED_IN_MEMORY = 0.45;
    /** Elements from which that is so. */
    private static final double MANY_ELEMENTS = 1 << 21;

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
        StridedKernel kernel = new StridedKernel(last(Loop.of(loops, Kind.LEFT), loop -> loop.a() == 1),
                Loop.of(loops, Kind.RIGHT), sums(loops));
        return PackedKernel.fits(loops, List.of(kernel.rows, kernel.columns, kernel.sums))
                ? Optional.of(kernel)
                : Optional.empty();
    }

    /** The summed loops, the one that is contiguous in the larger operand last, or else the one in the smaller. */
    private static List<Loop> sums(List<Loop> loops) {
        List<Loop> sums = Loop.of(loops, Kind.CONTRACTED);
        boolean rightIsLarger = Loop.volume(Loop.of(loops, Kind.RIGHT)) > Loop.volume(Loop.of(loops, Kind.LEFT));
        return rightIsLarger
                ? last(last(sums, loop -> loop.a() == 1), loop -> loop.b() == 1)
                : last(last(sums, loop -> loop.b() == 1), loop -> loop.a() == 1);
    }

    /** The loops in their order, but those chosen last. */
    private static List<Loop> last(List<Loop> loops, Predicate<Loop> chosen) {
        return loops.stream().sorted(Comparator.comparing(chosen::test)).toList();
    }

    @Override
    public PairKernel prepared() {
        StridedGemm gemm = StridedGemm.of(PackedKernel.offsets(rows, Loop::a, Loop::c),
                Offsets.columns(PackedKernel.rounds(columns), PackedKernel.strides(columns, Loop::b),
                        PackedKernel.strides(columns, Loop::c)),
                Offsets.sums(PackedKernel.rounds(sums), PackedKernel.strides(sums, Loop::a),
                        PackedKernel.strides(sums, Loop::b)));
        return new PackedKernel(this, gemm::run);
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
        long m = (long) Loop.volume(rows);
        long n = (long) Loop.volume(columns);
        int k = (int) Loop.volume(sums);
        double flops = 2.0 * StridedGemm.computedRows(m) * StridedGemm.computedColumns(n) * k;
        double alongRows = move(rows, Loop::a);
        double alongColumns = move(columns, Loop::b);
        double a = Math.min(alongRows, move(last(sums, loop -> loop.a() == 1), Loop::a));
        double b = Math.min(alongColumns, move(last(sums, loop -> loop.b() == 1), Loop::b));
        double c = move(columns, Loop::c);
        boolean blocks = c < ALONE && columns.size() > 1 && alongColumns == ALONE
                && columns.stream().anyMatch(loop -> loop.b() == 1);
        double passes = StridedGemm.passes(k);
        double packings = StridedGemm.packings(m, n, k);
        double moved = (double) m * k * packings * a
                + (double) n * k * (blocks ? Math.min(b, IN_BLOCKS) : b)
                + (double) m * n * passes * (blocks ? Math.max(c, IN_BLOCKS) : c);
        double fetched = fetched((double) m * k, a < alongRows ? TRANSPOSED_FROM_MEMORY : FROM_MEMORY) * packings
                + fetched((double) n * k, b < alongColumns ? TRANSPOSED_FROM_MEMORY : FROM_MEMORY)
                + fetched((double) m * n, passes > 1 ? ADDED_IN_MEMORY : FROM_MEMORY) * passes;
        return CALL + flops / flopsPerNanosecond() + moved * VECTOR / StridedGemm.lanes() + fetched;
    }

    private static double fetched(double elements, double nanoseconds) {
        return elements > MANY_ELEMENTS ? elements * nanoseconds : 0;
    }

    private static double flopsPerNanosecond() {
        int lanes = StridedGemm.lanes();
        return FLOPS_PER_NANOSECOND_AND_LANE * lanes * (lanes < VECTOR ? SMALL_TILE : 1);
    }

    /** Nanoseconds to move an element of a tensor along the innermost of some loops. */
    private static double move(List<Loop> loops, ToLongFunction<Loop> tensor) {
        if (loops.isEmpty() || tensor.applyAsLong(loops.getLast()) != 1) {
            return ALONE;
        }
        int run = loops.getLast().rounds();
        return Math.min(ALONE, Math.ceilDiv(run, VECTOR) * VECTOR * IN_VECTORS / run);
    }
}
