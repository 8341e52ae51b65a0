package org.einscale.einsum.plan.product;

import java.util.List;
import java.util.function.ToLongFunction;
import org.einscale.tensor.packed.Offsets;

/** Tables of offsets, for kernels that find elements by them. */
final class Tables {
    /** Entries that a table of offsets may have. */
    private static final double LONGEST = 1 << 24;

    private Tables() {
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
}
