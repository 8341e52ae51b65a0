package org.einscale.einsum.plan;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Stop;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.memory.TensorArena;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One place where a {@link Plan} runs: its memory, either all of it in an arena of its own, or only what outlives a run, with
 * the rest lent for each run. For one thread at a time.
 */
public final class Session implements AutoCloseable {
    private final Plan plan;
    private final TensorArena arena;
    private final long[] base;
    private final Step[] steps;
    private long scratch;

    /** Takes all memory, zero at first, and computes what is the same in every run. */
    public Session(Plan plan) {
        this(plan, TensorArena.allocate(plan.bytes()), plan.everyRun());
        scratch(arena.address() + plan.layout().kept());
        try {
            prepare();
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private Session(Plan plan, TensorArena arena, Step[] steps) {
        this.plan = plan;
        this.arena = arena;
        this.steps = steps;
        long[] offsets = plan.layout().offsets();
        this.base = new long[offsets.length];
        for (Buffer buffer : plan.buffers()) {
            base[buffer.number()] = arena.address() + offsets[buffer.number()];
        }
        this.scratch = arena.address() + plan.layout().kept();
    }

    /**
     * A session that takes only the memory for what outlives a run, computes what is the same in every run, and is freed when
     * nothing refers to it any more. It needs {@link #scratch} to run.
     *
     * @param constants
     *            address of the first element of each constant input in the caller's memory; it is not read later than here,
     *            unless a step that varies needs the constant itself
     */
    public static Session collected(Plan plan, Map<Value, Long> constants) {
        Session session = new Session(plan, TensorArena.collected(plan.layout().kept()), plan.everyRun());
        constants.forEach((value, address) -> session.bind(plan.slot(value), address));
        session.prepare();
        return session;
    }

    private void prepare() {
        for (Step step : plan.once()) {
            step.run(base);
        }
    }

    /** A session that shares what this one keeps, which must not vary, and starts where it stands; that must not run just now. */
    public Session twin() {
        Session twin = new Session(plan, arena, steps);
        System.arraycopy(base, 0, twin.base, 0, base.length);
        twin.scratch = scratch;
        return twin;
    }

    /**
     * Lends memory for what does not outlive a run to the runs to come.
     *
     * @param address
     *            of {@link Plan#scratchBytes} bytes, aligned to 64
     */
    public void scratch(long address) {
        long move = address - scratch;
        if (move != 0) {
            for (int number : plan.scratch()) {
                base[number] += move;
            }
            scratch = address;
        }
    }

    /**
     * Where a value in the caller's memory is in the runs to come.
     *
     * @param slot
     *            the value's {@link Plan#slot}
     * @param address
     *            of its first element; not used if it has none
     */
    public void bind(int slot, long address) {
        base[slot] = address;
    }

    /** Where a value in the caller's memory is. */
    public long bound(int slot) {
        return base[slot];
    }

    /**
     * Runs up to a step at which other devices are needed, or to the end.
     *
     * @param start
     *            0, or one more than what was returned before
     * @return the number of that step, or of steps
     */
    public int run(int start) {
        int at = start;
        while (at < steps.length && !(steps[at] instanceof Stop)) {
            steps[at++].run(base);
        }
        return at;
    }

    /** The first step at which others are needed, from a step on; empty if none is left. */
    public Optional<Stop> stop(int from) {
        return Arrays.stream(steps, from, steps.length).filter(Stop.class::isInstance).map(Stop.class::cast)
                .findFirst();
    }

    /** Address of what a device brings to a meeting. */
    public long from(Meeting meeting) {
        return meeting.from().address(plan.precision()).in(base);
    }

    /** Address of what a device takes from a meeting. */
    public long to(Meeting meeting) {
        return meeting.to().address(plan.precision()).in(base);
    }

    /** Computes all outputs and updates all states. Allocates nothing. */
    public void run() {
        for (Step step : steps) {
            step.run(base);
        }
    }

    /**
     * The memory of an input, state or output, row-major in the order of its axes, as an array that shares it. A state that
     * is an output too holds its updated content.
     */
    public INDArray array(Value value) {
        Place place = plan.place(value);
        long offset = plan.layout().offsets()[place.buffer().number()];
        return arena.array(plan.precision(), offset, place.sizes());
    }

    /** Absolute address of the first element of an input, state or output. */
    public long address(Value value) {
        return base[plan.place(value).buffer().number()];
    }

    public Plan plan() {
        return plan;
    }

    @Override
    public void close() {
        arena.close();
    }
}
