package org.einscale.scaling.sweep;

/** Who runs the trials of a sweep. */
@FunctionalInterface
public interface Workers {

    /** They are at work. */
    interface AtWork extends AutoCloseable {
        /** Interrupts them, and waits a while until they have ended. */
        @Override
        void close();
    }

    /** Threads of this process. */
    static Workers here(TrialRunner runner) {
        return (shift, atOnce) -> {
            Threads threads = new Threads();
            for (int i = 1; i <= atOnce; i++) {
                threads.start("trial-" + i, () -> shift.work("", runner));
            }
            return threads;
        };
    }

    /**
     * Has workers pull trials, each on a thread of its own.
     *
     * @param atOnce how many, if they are threads of this process
     */
    AtWork begin(Shift shift, int atOnce);
}
