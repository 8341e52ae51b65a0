package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.program.Statement;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;
import org.einscale.tensor.profile.Profile;

/** The steps of a plan as they are written, with the buffers that they use. */
final class Tape {

    /** A step with what a person reads about it, and the statement that it is part of, if it is of one. */
    record Entry(Step step, Work work, Optional<Statement> statement) {}

    private final Precision precision;
    private final Estimates estimates;
    private final Kernels kernels;
    private final boolean copies;
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Entry> once = new ArrayList<>();
    private final List<Entry> everyRun = new ArrayList<>();
    private boolean constant;
    private Optional<Statement> statement = Optional.empty();

    /** Words at the start of the base array that any step may use while it runs; buffers are numbered from here on. */
    static final int WORKSPACE = 1024;

    Tape(Precision precision, Profile profile, boolean copies) {
        this.precision = precision;
        this.estimates = Estimates.of(profile);
        this.copies = copies;
        this.kernels = Kernels.of(precision);
    }

    Precision precision() {
        return precision;
    }

    Kernels kernels() {
        return kernels;
    }

    /** How long products take on the machine that the plan is for. */
    Estimates estimates() {
        return estimates;
    }

    /** Whether products may copy operands and result into layouts that are faster. */
    boolean copies() {
        return copies;
    }

    /** Whether the steps that follow are the same in every run, and so run once. */
    void constant(boolean value) {
        constant = value;
    }

    /** The statement that the steps which follow are part of. */
    void statement(Optional<Statement> value) {
        statement = value;
    }

    Buffer buffer(long elements) {
        Buffer buffer = Buffer.inside(WORKSPACE + buffers.size(), elements, constant);
        buffers.add(buffer);
        return buffer;
    }

    Buffer outside() {
        Buffer buffer = Buffer.outside(WORKSPACE + buffers.size());
        buffers.add(buffer);
        return buffer;
    }

    Buffer persistent(long elements) {
        Buffer buffer = buffer(elements);
        buffer.keep();
        return buffer;
    }

    /** A new row-major place. */
    Place temporary(int[] sizes) {
        return Place.rowMajor(buffer(Place.volume(sizes)), sizes);
    }

    void add(Step step, String call, Buffer... touched) {
        add(step, Work.uncounted(call), touched);
    }

    void add(Step step, Work work, Buffer... touched) {
        List<Entry> entries = constant ? once : everyRun;
        for (Buffer buffer : touched) {
            buffer.touch(everyRun.size());
        }
        entries.add(new Entry(step, work, statement));
    }

    List<Buffer> buffers() {
        return buffers;
    }

    List<Entry> once() {
        return once;
    }

    List<Entry> everyRun() {
        return everyRun;
    }
}
