package org.einscale.einsum.plan;

import java.util.ArrayList;
import java.util.List;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;

/** The steps of a plan as they are written, with the buffers that they use. */
final class Tape {

    /** A step with what a person reads about it. */
    record Entry(Step step, String description) {}

    private final Precision precision;
    private final Kernels kernels;
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Entry> once = new ArrayList<>();
    private final List<Entry> everyRun = new ArrayList<>();
    private boolean constant;

    /** Words at the start of the base array that any step may use while it runs; buffers are numbered from here on. */
    static final int WORKSPACE = 1024;

    Tape(Precision precision) {
        this.precision = precision;
        this.kernels = Kernels.of(precision);
    }

    Precision precision() {
        return precision;
    }

    Kernels kernels() {
        return kernels;
    }

    /** Whether the steps that follow are the same in every run, and so run once. */
    void constant(boolean value) {
        constant = value;
    }

    Buffer buffer(long elements) {
        Buffer buffer = new Buffer(WORKSPACE + buffers.size(), elements, constant);
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

    void add(Step step, String description, Buffer... touched) {
        List<Entry> entries = constant ? once : everyRun;
        for (Buffer buffer : touched) {
            buffer.touch(everyRun.size());
        }
        entries.add(new Entry(step, description));
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
