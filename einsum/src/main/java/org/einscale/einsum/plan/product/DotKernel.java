package org.einscale.einsum.plan.product;

import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.product.Loop.Kind;
import org.einscale.tensor.Precision;
import org.einscale.tensor.dot.DotProducts;
import org.einscale.tensor.packed.PackingSpace;
import org.einscale.tensor.profile.Profile;

/**
 * All left, right and contracted axes in one product of rows that are contiguous in both operands along a contracted axis; batch
 * axes are loops around it. For float32.
 *
 * @param sums
 *            contracted loops but for that along the rows
 * @param length
 *            of the rows
 */
public record DotKernel(List<Loop> rows, List<Loop> columns, List<Loop> sums, int length) implements PairKernel {
    /** Terms that its sums, a vector each, take one after another. */
    private static final int LONGEST_SUM = 1 << 12;

    /** Both ways round for each axis that is contiguous in both operands, if the precision and the sizes allow it. */
    static List<PairChoice> choices(List<Loop> loops, Precision precision, Profile profile) {
        if (precision != Precision.FLOAT || !profile.vectorised()) {
            return List.of();
        }
        List<Loop> swapped = loops.stream().map(Loop::swapped).toList();
        return Stream.concat(choices(false, loops), choices(true, swapped)).toList();
    }

    private static Stream<PairChoice> choices(boolean swapped, List<Loop> loops) {
        List<Loop> sums = Loop.of(loops, Kind.CONTRACTED);
        return sums.stream().filter(loop -> loop.a() == 1 && loop.b() == 1)
                .map(along -> new DotKernel(Loop.of(loops, Kind.LEFT), Loop.of(loops, Kind.RIGHT),
                        Loop.without(sums, along), (int) Math.min(along.rounds(), Integer.MAX_VALUE)))
                .filter(kernel -> Tables.fits(loops, List.of(kernel.rows, kernel.columns, kernel.sums)))
                .map(kernel -> new PairChoice(swapped, kernel, Loop.of(loops, Kind.BATCH)));
    }

    @Override
    public LoopBody body() {
        DotProducts products = DotProducts.of(Tables.offsets(rows, Loop::a, Loop::c),
                Tables.offsets(columns, Loop::b, Loop::c), Tables.offsets(sums, Loop::a, Loop::b),
                length);
        return (base, a, b, c, add) -> products.run(PackingSpace.ofThread(), a, b, add, c);
    }

    @Override
    public String call() {
        return "dot product tiles " + (long) Loop.volume(rows) + "x" + (long) Loop.volume(columns) + "x"
                + (long) (Loop.volume(sums) * length);
    }

    @Override
    public double longestSum() {
        return LONGEST_SUM;
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        return estimates.dots().nanoseconds((int) Loop.volume(rows), (int) Loop.volume(columns), Loop.volume(sums),
                length);
    }
}
