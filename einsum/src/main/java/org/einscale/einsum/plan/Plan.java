package org.einscale.einsum.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Passes;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.MemoryLayout;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Meeting;
import org.einscale.einsum.plan.tape.Step;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.einsum.plan.tape.Work;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;

/**
 * A program with its sizes bound, its memory laid out and its kernels chosen. A plan is immutable and holds no memory: any
 * number of {@link Session}s run it, at the same time if they like.
 */
public final class Plan {
    private final Program program;
    private final Sizes sizes;
    private final Precision precision;
    private final Tape tape;
    private final MemoryLayout layout;
    private final Map<Value, Place> visible;
    private final int[] scratch;
    private final List<Meeting> meetings;

    private Plan(Program program, Context context, boolean copies, int most) {
        this.program = program;
        this.precision = context.precision();
        Program executed = Passes.apply(Passes.ALL, program, context);
        this.sizes = SizeInference.infer(executed, context.sizes());
        this.tape = new Tape(new Target(precision, context.machine(), copies, most));
        this.visible = new Lowering(executed, sizes, tape, context.outside()).run();
        tape.end();
        this.layout = new MemoryLayout(tape.buffers(), precision);
        this.scratch = tape.buffers().stream().filter(buffer -> !buffer.persistent()).mapToInt(Buffer::number)
                .toArray();
        this.meetings = tape.everyRun().stream().map(Tape.Entry::step).filter(Meeting.class::isInstance)
                .map(Meeting.class::cast).toList();
    }

    /** Compiles a program for what is to be expected of this machine. See {@link #compile(Program, Sizes, Precision, Profile)}. */
    public static Plan compile(Program program, Sizes sizes, Precision precision) {
        return compile(program, sizes, precision, Machine.typical());
    }

    /**
     * Compiles a program.
     *
     * @param sizes
     *            of the axes; those that follow from others may be left out
     * @param machine
     *            what decides between ways to compute the same
     * @throws ProgramError
     *             if sizes disagree or are missing
     */
    public static Plan compile(Program program, Sizes sizes, Precision precision, Profile machine) {
        return compile(program, Context.of(sizes, precision, machine), true);
    }

    /**
     * Compiles a program some of whose inputs and outputs may stay in the caller's memory.
     *
     * @param copies
     *            whether products may take memory for operands in another layout, where that is faster
     */
    public static Plan compile(Program program, Context context, boolean copies) {
        return new Plan(program, context, copies, Target.MOST);
    }

    /** The same with as few elements for a kernel at once as are told, which only tests do. */
    static Plan inPieces(Program program, Sizes sizes, Precision precision, int most) {
        return new Plan(program, Context.of(sizes, precision, Machine.typical()), true, most);
    }

    public Program program() {
        return program;
    }

    /** Sizes of all axes. */
    public Sizes sizes() {
        return sizes;
    }

    public Precision precision() {
        return precision;
    }

    /** Off-heap memory that a session of the plan takes. */
    public long bytes() {
        return layout.bytes();
    }

    /** Those of the {@link #bytes} that hold nothing between two runs. */
    public long scratchBytes() {
        return layout.bytes() - layout.kept();
    }

    /** What each step of a run does, in order. */
    public List<String> steps() {
        return tape.everyRun().stream().map(entry -> entry.work().call()).toList();
    }

    /**
     * A step of a run.
     *
     * @param statement
     *            the statement that it is part of, after contractions were taken apart; empty for a move at the end of a run
     */
    public record Line(Optional<Statement> statement, Work work) {}

    /** What each step of a run does and costs, in order. */
    public List<Line> lines() {
        return tape.everyRun().stream().map(entry -> new Line(entry.statement(), entry.work())).toList();
    }

    /** Number by which {@link Session#bind} knows an input or output in the caller's memory. */
    public int slot(Value value) {
        Buffer buffer = place(value).buffer();
        if (!buffer.outside()) {
            throw new ProgramError(value + " is in the session's own memory");
        }
        return buffer.number();
    }

    Place place(Value value) {
        Place place = visible.get(value);
        if (place == null) {
            throw new ProgramError(value + " is no input, state or output of the program");
        }
        return place;
    }

    MemoryLayout layout() {
        return layout;
    }

    /** Where a run turns to other devices, in order; none but in a device's part of a program. */
    public List<Meeting> meetings() {
        return meetings;
    }

    Step[] once() {
        return tape.once().stream().map(Tape.Entry::step).toArray(Step[]::new);
    }

    Step[] everyRun() {
        return tape.steps().toArray(Step[]::new);
    }

    List<Buffer> buffers() {
        return tape.buffers();
    }

    /** Numbers of the buffers that hold nothing between two runs. */
    int[] scratch() {
        return scratch;
    }

    @Override
    public String toString() {
        return steps().stream().collect(Collectors.joining("\n",
                "plan of " + steps().size() + " steps, " + bytes() + " bytes, " + sizes + "\n", ""));
    }
}
