package org.einscale.einsum.plan.tape;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.einscale.einsum.plan.memory.Buffer;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Statement;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;

/** The steps of a plan as they are written, with the buffers that they use; seen from one statement. */
public final class Tape {

    /**
     * A step with what a person reads about it, and the statement that it is part of, if it is of one.
     *
     * @param loops
     *            that it runs in together with those of its neighbours that have the same list, from the outermost
     */
    public record Entry(Step step, Work work, Optional<Statement> statement, List<Repeat> loops) {}

    /** Of a buffer, few enough that the bytes of a thousand have a long. */
    private static final long MOST_ELEMENTS = 1L << 50;

    private final Target target;
    private final List<Buffer> buffers;
    private final List<Entry> once;
    private final List<Entry> everyRun;
    private final Optional<Statement> statement;
    private final List<Repeat> loops;
    private final Set<Buffer> touchedInLoops;
    private final InFlight<Meeting> meetings;

    public Tape(Target target) {
        this.target = target;
        this.buffers = new ArrayList<>();
        this.once = new ArrayList<>();
        this.everyRun = new ArrayList<>();
        this.statement = Optional.empty();
        this.loops = List.of();
        this.touchedInLoops = Set.of();
        this.meetings = new InFlight<>();
    }

    private Tape(Tape same, Optional<Statement> statement, List<Repeat> loops, Set<Buffer> touchedInLoops) {
        this.target = same.target;
        this.buffers = same.buffers;
        this.once = same.once;
        this.everyRun = same.everyRun;
        this.statement = statement;
        this.loops = loops;
        this.touchedInLoops = touchedInLoops;
        this.meetings = same.meetings;
    }

    /** The same tape for the steps of a statement. */
    public Tape of(Statement statement) {
        return new Tape(this, Optional.of(statement), loops, touchedInLoops);
    }

    public Target target() {
        return target;
    }

    public Precision precision() {
        return target.precision();
    }

    public Kernels kernels() {
        return target.kernels();
    }

    /** Rows, or elements of a row, that a step asks a kernel for at once. */
    public int most() {
        return target.most();
    }

    /** Writes steps that run in loops around all of them; what any of them touches is needed until the last has ended. */
    public void repeated(List<Repeat> around, Consumer<Tape> steps) {
        if (around.isEmpty()) {
            steps.accept(this);
            return;
        }
        arrive(meetings.endAll());
        int start = everyRun.size();
        Set<Buffer> touched = new HashSet<>();
        steps.accept(new Tape(this, statement, around, touched));
        for (Buffer buffer : touched) {
            buffer.touch(start);
            buffer.touch(everyRun.size() - 1);
        }
    }

    /** Whether the steps are the same in every run, and so run once. */
    private boolean constant() {
        return statement.map(s -> s.execution().once()).orElse(false);
    }

    /**
     * @throws ProgramError
     *             if that is more than any machine has
     */
    public Buffer buffer(long elements) {
        if (elements > MOST_ELEMENTS) {
            throw new ProgramError("an intermediate result takes " + (double) elements * precision().bytes()
                    + " bytes, which is more than any machine has");
        }
        Buffer buffer = Buffer.inside(Buffer.WORKSPACE + buffers.size(), elements, constant());
        buffers.add(buffer);
        return buffer;
    }

    public Buffer outside() {
        Buffer buffer = Buffer.outside(Buffer.WORKSPACE + buffers.size());
        buffers.add(buffer);
        return buffer;
    }

    public Buffer persistent(long elements) {
        Buffer buffer = buffer(elements);
        buffer.keep();
        return buffer;
    }

    /** A new row-major place. */
    public Place temporary(long[] sizes) {
        return Place.rowMajor(buffer(Place.volume(sizes)), sizes);
    }

    /** Writes a step that calculates one tensor from others. */
    public void add(Step step, String call, double flops, List<Place> from, Place to) {
        add(step, Work.of(target, call, flops, from, to),
                Stream.concat(from.stream(), Stream.of(to)).map(Place::buffer).toArray(Buffer[]::new));
    }

    public void add(Step step, Work work, Buffer... touched) {
        if (!constant()) {
            arrive(meetings.use(List.of(touched)));
        }
        write(step, work, touched);
    }

    /** Writes a step at which other devices are needed; what it touches is theirs until another step does. */
    public void add(Meeting meeting, Work work) {
        Buffer[] held = {meeting.from().buffer(), meeting.to().buffer()};
        arrive(meetings.use(List.of(held)));
        if (!meeting.endsHere()) {
            arrive(meetings.begin(meeting, meeting.from().volume(), Set.copyOf(List.of(held))));
        }
        write(meeting, work, held);
    }

    /** All steps are written. */
    public void end() {
        arrive(meetings.endAll());
    }

    private void arrive(List<Meeting> ended) {
        for (Meeting meeting : ended) {
            write(new Arrival(meeting), Work.uncounted("wait for " + meeting.statement().result().reference()),
                    meeting.from().buffer(), meeting.to().buffer());
        }
    }

    private void write(Step step, Work work, Buffer... touched) {
        List<Entry> entries = constant() ? once : everyRun;
        for (Buffer buffer : touched) {
            buffer.touch(everyRun.size());
        }
        long times = 1;
        if (!loops.isEmpty()) {
            touchedInLoops.addAll(List.of(touched));
            times = loops.stream().mapToLong(Repeat::times).reduce(1, (a, b) -> a * b);
        }
        entries.add(new Entry(step, work.times(times), statement, loops));
    }

    public List<Buffer> buffers() {
        return buffers;
    }

    public List<Entry> once() {
        return once;
    }

    public List<Entry> everyRun() {
        return everyRun;
    }

    /** The steps of every run as they are called, those in loops as one. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        int end;
        for (int start = 0; start < everyRun.size(); start = end) {
            List<Repeat> around = everyRun.get(start).loops();
            end = start + 1;
            while (!around.isEmpty() && end < everyRun.size() && everyRun.get(end).loops() == around) {
                end++;
            }
            Step[] inside = everyRun.subList(start, end).stream().map(Entry::step).toArray(Step[]::new);
            for (Repeat loop : around.reversed()) {
                inside = new Step[]{loop.of(inside)};
            }
            steps.addAll(List.of(inside));
        }
        return steps;

    }
}
