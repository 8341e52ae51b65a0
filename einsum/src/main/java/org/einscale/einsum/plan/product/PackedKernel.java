package org.einscale.einsum.plan.product;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.product.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.packed.Blocking;
import org.einscale.tensor.packed.Offsets;
import org.einscale.tensor.packed.PackedEstimate;
import org.einscale.tensor.packed.PackedProduct;
import org.einscale.tensor.packed.PackingSpace;
import org.einscale.tensor.profile.Profile;

/**
 * All left, right and contracted axes in one product that packs blocks of the operands as they lie, so that no layout needs a
 * copy; batch axes are loops around it. For float32.
 */
public record PackedKernel(List<Loop> rows, List<Loop> columns, List<Loop> sums,
        Blocking blocking) implements PairKernel {

    /** The two ways round, if the precision and the sizes allow it. */
    static List<PairChoice> choices(List<Loop> loops, Precision precision, Profile profile) {
        return precision == Precision.FLOAT && profile.vectorised() ? choices(loops, Blocking.of(profile)) : List.of();
    }

    private static List<PairChoice> choices(List<Loop> loops, Blocking blocking) {
        List<Loop> swapped = loops.stream().map(Loop::swapped).toList();
        return of(loops, blocking).flatMap(kernel -> of(swapped, blocking)
                .map(other -> List.of(new PairChoice(false, kernel, Loop.of(loops, Kind.BATCH)),
                        new PairChoice(true, other, Loop.of(swapped, Kind.BATCH)))))
                .orElse(List.of());
    }

    private static Optional<PackedKernel> of(List<Loop> loops, Blocking blocking) {
        PackedKernel kernel = new PackedKernel(last(Loop.of(loops, Kind.LEFT), loop -> loop.a() == 1),
                Loop.of(loops, Kind.RIGHT), sums(loops), blocking);
        return Tables.fits(loops, List.of(kernel.rows, kernel.columns, kernel.sums))
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
    public LoopBody body() {
        PackedProduct product = PackedProduct.of(Tables.offsets(rows, Loop::a, Loop::c),
                Offsets.columns(Tables.rounds(columns), Tables.strides(columns, Loop::b),
                        Tables.strides(columns, Loop::c)),
                Offsets.sums(Tables.rounds(sums), Tables.strides(sums, Loop::a),
                        Tables.strides(sums, Loop::b)),
                blocking);
        return (base, a, b, c, add) -> product.run(PackingSpace.ofThread(), a, b, add, c);
    }

    @Override
    public String call() {
        return "packed product " + (long) Loop.volume(rows) + "x" + (long) Loop.volume(columns) + "x"
                + (long) Loop.volume(sums);
    }

    @Override
    public double longestSum() {
        return GemmKernel.LONGEST_SUM;
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        boolean crossed = columns.size() > 1 && run(columns, Loop::b) == 1
                && columns.stream().anyMatch(loop -> loop.b() == 1);
        int aAlongSums = run(last(sums, loop -> loop.a() == 1), Loop::a);
        int bAlongSums = run(last(sums, loop -> loop.b() == 1), Loop::b);
        boolean crossedSums = aAlongSums > 1 && bAlongSums > 1
                && sums.stream().noneMatch(x -> x.a() == 1 && x.b() == 1);
        return estimates.packed().nanoseconds((long) Loop.volume(rows), (long) Loop.volume(columns),
                (long) Loop.volume(sums),
                new PackedEstimate.Contiguity(run(rows, Loop::a), aAlongSums, run(columns, Loop::b), bAlongSums,
                        run(columns, Loop::c), crossedSums, crossed));
    }

    /** Elements of a tensor side by side along the innermost of some loops. */
    private static int run(List<Loop> loops, ToLongFunction<Loop> tensor) {
        return loops.isEmpty() || tensor.applyAsLong(loops.getLast()) != 1 ? 1 : (int) loops.getLast().rounds();
    }
}
