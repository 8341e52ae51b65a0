package org.einscale.einsum.plan;

import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Map;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.memory.TensorArena;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One place where a {@link Plan} runs: its memory, in one arena. For one thread at a time. */
public final class Session implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Plan plan;
    private final TensorArena arena;
    private final long[] base;
    private final Step[] steps;

    /** Takes the memory, all zero, and computes what is the same in every run. */
    public Session(Plan plan) {
        this(plan, Map.of());
    }

    /**
     * As {@link #Session(Plan)}.
     *
     * @param constants
     *            address of the first element of each constant input in the caller's memory; it is not read later than here,
     *            unless a step that varies needs the constant itself
     */
    public Session(Plan plan, Map<Value, Long> constants) {
        this.plan = plan;
        this.arena = TensorArena.allocate(plan.bytes());
        this.steps = plan.everyRun();
        long[] offsets = plan.layout().offsets();
        this.base = new long[offsets.length];
        for (Buffer buffer : plan.buffers()) {
            base[buffer.number()] = arena.address() + offsets[buffer.number()];
        }
        constants.forEach((value, address) -> bind(plan.slot(value), address));
        try {
            for (Step step : plan.once()) {
                step.run(base);
            }
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** A session whose memory is freed when nothing refers to it any more. */
    public static Session collected(Plan plan, Map<Value, Long> constants) {
        Session session = new Session(plan, constants);
        CLEANER.register(session, session.arena::close);
        return session;
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
        long[] shape = Arrays.stream(place.sizes()).asLongStream().toArray();
        return arena.array(plan.precision(), offset, shape);
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
