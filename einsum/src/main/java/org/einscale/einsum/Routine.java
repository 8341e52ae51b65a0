package org.einscale.einsum;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.einscale.einsum.equation.View;
import org.einscale.einsum.plan.Outside;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Problem} compiled for arrays with certain strides, which it reads and writes where they are: first those that are
 * given, then those for the results. Safe for use by many threads, as each run takes a session of its own.
 */
final class Routine {
    private final Problem problem;
    private final Plan plan;
    private final Slices slices;
    private final DataType type;
    private final int given;
    private final long[][] shapes;
    private final long[][] strides;
    private final int[] slots;
    private final long[] extents;
    /** Results that are filled with zero before they are written: beside a diagonal, or to add to. */
    private final boolean[] cleared;
    private final double zero;
    private final Map<Value, INDArray> constants;
    /** Where the memory of each constant begins and ends. */
    private final long[] fixed;
    private final AtomicReference<@Nullable Session> idle = new AtomicReference<>();

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
        this.plan = Plan.compile(problem.program(), problem.sizes(), precision, problem.machine(),
                new Outside(outside, problem.slices().isEmpty() ? constants.keySet() : Set.of(), sums), copies);
        this.slices = Slices.of(problem.slices(), plan, outside);
        this.fixed = constants.values().stream().filter(array -> !array.isEmpty())
                .flatMapToLong(array -> span(array, precision)).toArray();
        this.zero = problem.zero();
        this.type = precision.dataType();
        this.given = values.size() - problem.program().outputs().size();
        this.shapes = views.stream().map(View::shape).toArray(long[][]::new);
        this.strides = strides;
        this.slots = values.stream().mapToInt(plan::slot).toArray();
        this.extents = new long[values.size()];
        this.cleared = new boolean[values.size()];
        for (int i = 0; i < values.size(); i++) {
            extents[i] = extent(shapes[i], strides[i]) * precision.bytes();
            cleared[i] = i >= given && (views.get(i).diagonal() || sums.contains(values.get(i)));
        }
    }

    private static LongStream span(INDArray array, Precision precision) {
        long from = org.einscale.tensor.memory.Arrays.addressOf(array);
        return LongStream.of(from, from + extent(array.shape(), array.stride()) * precision.bytes());
    }

    /** Elements from an array's first to its last, both counted. */
    private static long extent(long[] shape, long[] strides) {
        long last = 0;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == 0) {
                return 0;
            }
            last += (shape[i] - 1) * strides[i];
        }
        return last + 1;
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
            if (extents[i] > 0) {
                session.bind(slots[i],
                        org.einscale.tensor.memory.Arrays.addressOf(i < given ? operands[i] : results[i - given]));
            }
        }
        for (int i = given; i < slots.length; i++) {
            refuseAliases(session, i);
            if (cleared[i]) {
                results[i - given].assign(zero);
            }
        }
        slices.run(session);
        idle.set(session);
        Reference.reachabilityFence(operands);
        Reference.reachabilityFence(results);
    }

    private Session open() {
        Map<Value, Long> addresses = new HashMap<>();
        constants.forEach((value, array) -> addresses.put(value,
                array.isEmpty() ? 0 : org.einscale.tensor.memory.Arrays.addressOf(array)));
        return Session.collected(plan, addresses);
    }

    private void refuseAliases(Session session, int result) {
        long from = session.bound(slots[result]);
        for (int i = 0; i < fixed.length; i += 2) {
            if (from < fixed[i + 1] && fixed[i] < from + extents[result]) {
                throw new IllegalArgumentException("the array for result " + (result - given)
                        + " shares memory with a constant operand; expected memory of its own, such as a dup()");
            }
        }
        for (int i = 0; i < slots.length; i++) {
            long other = session.bound(slots[i]);
            if (i != result && from < other + extents[i] && other < from + extents[result]) {
                throw new IllegalArgumentException("the array for result " + (result - given) + " shares memory with "
                        + (i < given ? "operand " + i : "that for result " + (i - given))
                        + "; expected memory of its own, such as a dup()");
            }
        }
    }
}
