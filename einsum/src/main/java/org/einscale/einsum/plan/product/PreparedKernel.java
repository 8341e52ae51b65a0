package org.einscale.einsum.plan.product;

import java.util.List;
import java.util.function.ToLongFunction;
import org.einscale.tensor.packed.Offsets;
import org.einscale.tensor.packed.PackingSpace;

/**
 * A kernel that finds elements by tables of offsets, with these tables made.
 *
 * @param kernel
 *            what it was made of
 */
public record PreparedKernel(PairKernel kernel, Product product) implements PairKernel {
    /** Entries that a table of offsets may have. */
    private static final double LONGEST = 1 << 24;

    /** A product over tables of offsets: parameters as of {@link PairKernel#run}. */
    @FunctionalInterface
    interface Product {
        void run(PackingSpace space, long a, long b, boolean add, long c);
    }

    /** Whether tables for some groups of the loops of a pair are short enough, and offsets fit into an int. */
    static boolean fits(List<Loop> loops, List<List<Loop>> groups) {
        double longest = groups.stream().mapToDouble(Loop::volume).max().orElse(0);
        double reach = loops.stream()
                .mapToDouble(loop -> loop.rounds() * (double) Math.max(loop.a(), Math.max(loop.b(), loop.c()))).sum();
        return longest <= LONGEST && reach <= Integer.MAX_VALUE;
    }

    static int[] rounds(List<Loop> loops) {
        return loops.stream().mapToInt(loop -> (int) loop.rounds()).toArray();
    }

    static long[] strides(List<Loop> loops, ToLongFunction<Loop> tensor) {
        return loops.stream().mapToLong(tensor).toArray();
    }

    /** The loops as a table, in their order. */
    static Offsets offsets(List<Loop> loops, ToLongFunction<Loop> first, ToLongFunction<Loop> second) {
        return Offsets.of(rounds(loops), strides(loops, first), strides(loops, second));
    }

    @Override
    public void run(long[] base, long a, long b, long c, boolean add) {
        product.run(PackingSpace.ofThread(), a, b, add, c);
    }

    @Override
    public String call() {
        return kernel.call();
    }

    @Override
    public double longestSum() {
        return kernel.longestSum();
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        return kernel.nanoseconds(estimates);
    }
}
