package org.einscale.bench.einsum;

import java.util.List;

/** A contraction that is ready to run. Not safe for use by several threads: whoever made it runs it. */
public interface EinsumRunner extends AutoCloseable {
    /** Computes everything that the kind of call asks for, row-major, and lets it go. */
    void run();

    /** Runs, and returns the elements of the result, then of each operand's gradient if the kind of call asks for gradients. */
    List<float[]> results();

    /** Runs for at least so many seconds and once; returns the mean seconds of a run. */
    default double time(double seconds) {
        return Stopwatch.mean(this::run, seconds);
    }

    /** Frees what it holds. */
    @Override
    void close();
}
