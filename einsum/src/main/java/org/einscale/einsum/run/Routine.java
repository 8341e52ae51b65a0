package org.einscale.einsum.run;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.einscale.einsum.dataflow.Outside;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.ArenaPool;
import org.einscale.tensor.memory.Overlap;
import org.einscale.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link BoundProgram} compiled for arrays with certain strides, which it reads and writes where they are. A run is given
 * them in the order of the {@link BoundProgram#arguments}, the last one apart, so that a single result needs no array around
 * it. Safe for use by many threads, as each run takes a session of its own.
 */
public final class Routine {
    /** What runs need for intermediate results, kept for the next run of any routine. */
    private static final ArenaPool SCRATCH = new ArenaPool(1L << 30);
    /** Heap that a routine takes for itself and for each of its steps, roughly. */
    private static final long HEAP = 27_000;
    private static final long HEAP_OF_STEP = 1_000;

    private final BoundProgram bound;
    private final Plan plan;
    private final Slices slices;
    private final Argument[] arguments;
    /** How many of the arguments are operands. */
    private final int given;
    private final long[][] strides;
    private final int[] slots;
    /** Results that are filled with zero before they are written: beside a diagonal, or to add to. */
    private final boolean[] cleared;
    private final INDArray[] constants;
    private final AtomicReference<@Nullable Session> idle = new AtomicReference<>();
    /** Computes the constants and never runs: those that do share them. */
    private @Nullable Session template;

    /**
     * @param strides
     *            of each array, not modified
     * @param copies
     *            whether products may take memory for operands in another layout, where that is faster
     */
    Routine(BoundProgram bound, long[][] strides, boolean copies) {
        this.bound = bound;
        this.strides = strides;
        this.arguments = bound.arguments().toArray(Argument[]::new);
        this.given = bound.operands().size();
        Map<Value, long[]> outside = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            outside.put(arguments[i].value(), arguments[i].view().strides(strides[i]));
        }
        bound.constants().forEach(
                (argument, array) -> outside.put(argument.value(), argument.view().strides(array.stride())));
        Set<Value> sums = bound.sums();
        // A part of a constant is another in every slice.
        Set<Value> computedOnce = bound.slices().isEmpty()
                ? bound.constants().keySet().stream().map(Argument::value).collect(Collectors.toSet())
                : Set.of();
        this.plan = Plan.compile(bound.program(),
                Context.of(bound.sizes(), bound.precision(), bound.options().machine())
                        .with(new Outside(outside, computedOnce, sums)),
                copies);
        this.slices = Slices.of(bound.slices(), plan, outside);
        this.constants = bound.constants().values().toArray(INDArray[]::new);
        this.slots = Arrays.stream(arguments).map(Argument::value).mapToInt(plan::slot).toArray();
        this.cleared = new boolean[arguments.length];
        for (int i = given; i < arguments.length; i++) {
            cleared[i] = arguments[i].view().diagonal() || sums.contains(arguments[i].value());
        }
    }

    public BoundProgram bound() {
        return bound;
    }

    public Plan plan() {
        return plan;
    }

    /** Whether the arrays have the strides that this was compiled for. */
    boolean fits(INDArray[] arrays, INDArray last) {
        for (int i = 0; i < strides.length; i++) {
            if (!Arrays.equals(at(i, arrays, last).stride(), strides[i])) {
                return false;
            }
        }
        return true;
    }

    private static INDArray at(int i, INDArray[] arrays, INDArray last) {
        return i < arrays.length ? arrays[i] : last;
    }

    /**
     * Computes the results.
     *
     * @throws IllegalArgumentException
     *             if a result shares memory with another array
     */
    void run(INDArray[] arrays, INDArray last) {
        Session idleSession = idle.getAndSet(null);
        Session session = idleSession != null ? idleSession : open();
        for (int i = 0; i < slots.length; i++) {
            session.bind(slots[i], address(at(i, arrays, last)));
        }
        for (int i = given; i < slots.length; i++) {
            refuseAliases(session, i);
        }
        for (int i = given; i < slots.length; i++) {
            if (cleared[i]) {
                at(i, arrays, last).assign(bound.options().semiring().zero());
            }
        }
        if (plan.scratchBytes() == 0) {
            compute(session, arrays, last);
        } else {
            computeWithScratch(session, arrays, last);
        }
        idle.set(session);
        Reference.reachabilityFence(arrays);
        Reference.reachabilityFence(last);
    }

    private static long address(INDArray array) {
        return array.length() == 0 ? 0 : org.einscale.tensor.memory.Arrays.addressOf(array);
    }

    private void computeWithScratch(Session session, INDArray[] arrays, INDArray last) {
        TensorArena scratch = SCRATCH.take(plan.scratchBytes());
        try {
            session.scratch(scratch.address());
            compute(session, arrays, last);
        } finally {
            SCRATCH.giveBack(scratch);
        }
    }

    private void compute(Session session, INDArray[] arrays, INDArray last) {
        if (bound.slices().isEmpty()) {
            session.run();
        } else {
            slices.run(session, partial(arrays, last));
        }
    }

    /** Results in float32 to which more slices add than one after another may. */
    private List<PartialResults> partial(INDArray[] arrays, INDArray last) {
        List<PartialResults> partial = new ArrayList<>();
        for (int i = given; i < arguments.length; i++) {
            INDArray result = at(i, arrays, last);
            interval(arguments[i].value(), result)
                    .ifPresent(interval -> partial.add(new PartialResults(result, interval)));
        }
        return partial;
    }

    private OptionalLong interval(Value value, INDArray result) {
        if (result.length() == 0 || bound.precision() != Precision.FLOAT
                || bound.options().semiring() != Semiring.SUM_PRODUCT) {
            return OptionalLong.empty();
        }
        boolean[] kept = new boolean[bound.slices().size()];
        int next = 0;
        for (Axis axis : bound.slices().keySet()) {
            kept[next++] = value.axes().contains(axis);
        }
        return slices.interval(kept);
    }

    /** A session with the constants, which are computed once for all of them. */
    private synchronized Session open() {
        if (template == null) {
            Map<Value, Long> addresses = new HashMap<>();
            bound.constants().forEach((argument, array) -> addresses.put(argument.value(), address(array)));
            template = Session.collected(plan, addresses);
        }
        return template.twin();
    }

    /** Memory that is taken as long as the routine is remembered, roughly: its heap and what depends on constants alone. */
    long bytes() {
        return plan.bytes() - plan.scratchBytes() + HEAP + HEAP_OF_STEP * plan.steps().size();
    }

    private void refuseAliases(Session session, int result) {
        for (INDArray constant : constants) {
            if (shares(session, result, address(constant), constant.shape(), constant.stride())) {
                throw shared(result, "a constant operand");
            }
        }
        for (int i = 0; i < slots.length; i++) {
            if (i != result && shares(session, result, session.bound(slots[i]), arguments[i].shape(), strides[i])) {
                throw shared(result, i < given ? arguments[i].called() : "that for result " + (i - given));
            }
        }
    }

    private boolean shares(Session session, int result, long address, long[] shape, long[] stride) {
        return Overlap.between(session.bound(slots[result]), arguments[result].shape(), strides[result], address, shape,
                stride, bound.precision().bytes());
    }

    private IllegalArgumentException shared(int result, String other) {
        return new IllegalArgumentException(arguments[result].called() + " shares memory with " + other
                + "; expected elements of its own, such as those of a dup()");
    }
}
