package org.einscale.einsum.plan.tape;

import java.util.List;
import org.einscale.einsum.plan.memory.Place;

/**
 * What one step of a plan does in a run, for a person to read.
 *
 * @param call
 *            the call it makes, with its sizes
 * @param flops
 *            floating-point operations
 * @param multiplications
 *            those of them that multiply an element with another
 * @param read
 *            bytes of the tensors that it reads, each counted once
 * @param written
 *            bytes of the tensors that it writes
 * @param copied
 *            bytes that it writes only to have them in another layout
 */
public record Work(String call, double flops, double multiplications, double read, double written,
        double copied) {

    /** A step that calculates. */
    public static Work of(Target target, String call, double flops, List<Place> read, Place written) {
        return new Work(call, flops, 0, bytes(target, read), bytes(target, List.of(written)), 0);
    }

    /** A step that sums products of elements, each of so many. */
    public static Work products(Target target, String call, double sums, int factors, List<Place> read, Place written) {
        return new Work(call, factors * sums, (factors - 1) * sums, bytes(target, read),
                bytes(target, List.of(written)), 0);
    }

    /** A step that moves elements. */
    static Work copy(Target target, String call, Place from, Place to) {
        double moved = bytes(target, List.of(to));
        return new Work(call, 0, 0, bytes(target, List.of(from)), moved, moved);
    }

    /** The same several times, on other elements each time. */
    Work times(long times) {
        return times == 1
                ? this
                : new Work(call + " in " + times + " parts", times * flops, times * multiplications, times * read,
                        times * written, times * copied);
    }

    /** A step whose cost is counted elsewhere. */
    public static Work uncounted(String call) {
        return new Work(call, 0, 0, 0, 0, 0);
    }

    private static double bytes(Target target, List<Place> places) {
        return places.stream().mapToDouble(Place::distinctElements).sum() * target.precision().bytes();
    }
}
