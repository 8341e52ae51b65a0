package org.einscale.einsum;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.View;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Outside;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Problem} compiled for arrays with certain strides, which it reads and writes where they are: first those that are
 * given, then those for the results. Safe for use by many threads, as each run takes a session of its own.
 */
final class Routine {
    /** What runs need for intermediate results, kept for the next run of any routine. */
    private static final ArenaPool SCRATCH = new ArenaPool(1L << 30);
    /** Heap that a routine takes for itself and for each of its steps, roughly. */
    private static final long HEAP = 27_000;
    private static final long HEAP_OF_STEP = 1_000;

    private final Problem problem;
    private final Plan plan;
    private final Slices slices;
    private final DataType type;
    private final int given;
    private final String[] names;
    private final long[][] shapes;
    private final long[][] strides;
    private final int[] slots;
    private final boolean[] empty;
    /** Results that are filled with zero before they are written: beside a diagonal, or to add to. */
    private final boolean[] cleared;
    private final double zero;
    /** For each result the runs after which it is added to a sum kept aside, 0 if it never is. */
    private final long[] intervals;
    private final boolean addsMany;
    private final Map<Value, INDArray> constants;
    /** Those that have elements. */
    private final INDArray[] fixed;
    private final AtomicReference<@Nullable Session> idle = new AtomicReference<>();
    /** Computes the constants and never runs: those that do share them. */
    private @Nullable Session template;

    Routine(Problem problem, Precision precision, long[][] strides, boolean copies) {
        List<Value> values = problem.varying();
        List<View> views = values.stream().map(problem::view).toList();
        Map<Value, long[]> outside = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            outside.put(values.get(i), views.get(i).strides(strides[i]));
        }
        this.problem = problem;
        this.constants = problem.constants();
        constants.forEach((value, array) -> outside.put(value, problem.view(value).strides(array.stride())));
        Set<Value> sums = problem.sums();
        // A part of a constant is another in every slice.
        Outside arrays = new Outside(outside, problem.slices().isEmpty() ? constants.keySet() : Set.of(), sums);
        this.plan = Plan.compile(problem.program(),
                Context.of(problem.sizes(), precision, problem.machine()).with(arrays), copies);
        this.slices = Slices.of(problem.slices(), plan, outside);
        this.fixed = constants.values().stream().filter(array -> !array.isEmpty()).toArray(INDArray[]::new);
        this.zero = problem.semiring().zero();
        this.type = precision.dataType();
        this.given = values.size() - problem.program().outputs().size();
        this.names = values.stream().map(Value::name).toArray(String[]::new);
        this.shapes = views.stream().map(View::shape).toArray(long[][]::new);
        this.strides = strides;
        this.slots = values.stream().mapToInt(plan::slot).toArray();
        this.empty = new boolean[values.size()];
        this.cleared = new boolean[values.size()];
        for (int i = 0; i < values.size(); i++) {
            empty[i] = Arrays.stream(shapes[i]).anyMatch(size -> size == 0);
            cleared[i] = i >= given && (views.get(i).diagonal() || sums.contains(values.get(i)));
        }
        this.intervals = IntStream.range(given, values.size())
                .mapToLong(i -> empty[i] ? 0 : interval(values.get(i), precision)).toArray();
        this.addsMany = Arrays.stream(intervals).anyMatch(interval -> interval > 0);
    }

    private long interval(Value result, Precision precision) {
        if (precision != Precision.FLOAT || problem.semiring() != Semiring.SUM_PRODUCT) {
            return 0;
        }
        boolean[] kept = new boolean[problem.slices().size()];
        int next = 0;
        for (Axis axis : problem.slices().keySet()) {
            kept[next++] = result.axes().contains(axis);
        }
        return slices.interval(kept).orElse(0);
    }

    Problem problem() {
        return problem;
    }

    Plan plan() {
        return plan;
    }

    /** Whether the arrays are what this was compiled for. */
    boolean fits(INDArray[] operands, INDArray[] results) {
        if (operands.length != given || results.length != shapes.length - given) {
            return false;
        }
        for (int i = 0; i < shapes.length; i++) {
            INDArray array = i < given ? operands[i] : results[i - given];
            if (array.dataType() != type || !Arrays.equals(array.shape(), shapes[i])
                    || !Arrays.equals(array.stride(), strides[i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Computes the results.
     *
     * @throws IllegalArgumentException
     *             if a result shares memory with another array
     */
    void run(INDArray[] operands, INDArray[] results) {
        Session idleSession = idle.getAndSet(null);
        Session session = idleSession != null ? idleSession : open();
        for (int i = 0; i < slots.length; i++) {
            if (!empty[i]) {
                session.bind(slots[i],
                        org.einscale.tensor.memory.Arrays.addressOf(i < given ? operands[i] : results[i - given]));
            }
        }
        for (int i = given; i < slots.length; i++) {
            refuseAliases(session, i);
        }
        for (int i = given; i < slots.length; i++) {
            if (cleared[i]) {
                results[i - given].assign(zero);
            }
        }
        List<PartialResults> partial = addsMany ? partial(results) : List.of();
        if (plan.scratchBytes() == 0) {
            slices.run(session, partial);
        } else {
            runWithScratch(session, partial);
        }
        idle.set(session);
        Reference.reachabilityFence(operands);
        Reference.reachabilityFence(results);
    }

    private List<PartialResults> partial(INDArray[] results) {
        return IntStream.range(0, intervals.length).filter(i -> intervals[i] > 0)
                .mapToObj(i -> new PartialResults(results[i], intervals[i])).toList();
    }

    private void runWithScratch(Session session, List<PartialResults> partial) {
        TensorArena scratch = SCRATCH.take(plan.scratchBytes());
        try {
            session.scratch(scratch.address());
            slices.run(session, partial);
        } finally {
            SCRATCH.giveBack(scratch);
        }
    }

    /** A session with the constants, which are computed once for all of them. */
    private synchronized Session open() {
        if (template == null) {
            Map<Value, Long> addresses = new HashMap<>();
            constants.forEach((value, array) -> addresses.put(value,
                    array.isEmpty() ? 0 : org.einscale.tensor.memory.Arrays.addressOf(array)));
            template = Session.collected(plan, addresses);
        }
        return template.twin();
    }

    /** Memory that is taken as long as the routine is remembered, roughly: its heap and what depends on constants alone. */
    long bytes() {
        return plan.bytes() - plan.scratchBytes() + HEAP + HEAP_OF_STEP * plan.steps().size();
    }

    private void refuseAliases(Session session, int result) {
        for (INDArray constant : fixed) {
            if (shares(session, result, org.einscale.tensor.memory.Arrays.addressOf(constant), constant.shape(),
                    constant.stride())) {
                throw shared(result, "a constant operand");
            }
        }
        for (int i = 0; i < slots.length; i++) {
            if (i != result && shares(session, result, session.bound(slots[i]), shapes[i], strides[i])) {
                throw shared(result, i < given ? names[i] : "that for result " + (i - given));
            }
        }
    }

    private boolean shares(Session session, int result, long address, long[] shape, long[] stride) {
        return Overlap.between(session.bound(slots[result]), shapes[result], strides[result], address, shape, stride,
                type.width());
    }

    private IllegalArgumentException shared(int result, String other) {
        return new IllegalArgumentException("the array for result " + (result - given) + " shares memory with " + other
                + "; expected elements of its own, such as those of a dup()");
    }
}
