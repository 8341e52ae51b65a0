package org.einscale.einsum.plan.product;

import java.util.List;
import org.einscale.einsum.plan.loop.LoopNest;
import org.einscale.einsum.plan.memory.Address;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.LoopStep;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Tape;

/**
 * A way to compute a {@link Pair}.
 *
 * @param swapped
 *            whether kernel and loops see the operands in each other's place
 * @param outer
 *            loops around the kernel
 */
public record PairChoice(boolean swapped, PairKernel kernel, List<Loop> outer) {
    private static final double ROUND = 2;
    /** Of the time that reading from memory takes: fetching elements again that the nearer caches do not hold. */
    private static final double REFETCH = 0.8;

    /**
     * About how long all calls take.
     *
     * @param loops
     *            all of the pair, seen without swapping
     */
    double nanoseconds(List<Loop> loops, Estimates estimates) {
        List<Loop> seen = swapped ? loops.stream().map(Loop::swapped).toList() : loops;
        double cached = estimates.profile().caches().second() / (double) Float.BYTES;
        double refetched = refetched(seen, Loop.Kind.LEFT, cached) + refetched(seen, Loop.Kind.RIGHT, cached)
                + refetched(seen, Loop.Kind.CONTRACTED, cached);
        return Loop.volume(outer) * (ROUND + kernel.nanoseconds(estimates))
                + REFETCH * refetched * Float.BYTES / estimates.rates().memory();
    }

    /** Elements of the tensor that lacks a kind of loops which are fetched again, as such loops go around others. */
    private double refetched(List<Loop> loops, Loop.Kind absent, double cached) {
        double elements = 1;
        for (Loop loop : loops) {
            elements *= loop.kind() == absent ? 1 : loop.rounds();
        }
        if (elements <= cached) {
            return 0;
        }
        List<Loop> around = Loop.inOrder(outer);
        while (!around.isEmpty() && around.getLast().kind() == absent) {
            around = around.subList(0, around.size() - 1);
        }
        return elements * (Loop.volume(Loop.of(around, absent)) - 1);
    }

    /** What is called, and how often. */
    public String call() {
        long calls = (long) Loop.volume(outer);
        return kernel.call() + (calls == 1 ? "" : " times " + calls);
    }

    /** The step for operands and a result with the strides that this was chosen for. */
    public Step step(Tape tape, Place a, Place b, Place c, boolean add) {
        Address left = (swapped ? b : a).address(tape.precision());
        Address right = (swapped ? a : b).address(tape.precision());
        return new LoopStep(LoopNest.of(kernel.body(), Loop.nest(outer), tape.precision().bytes()), left, right,
                c.address(tape.precision()), add);
    }
}
