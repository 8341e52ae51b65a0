package org.einscale.bench.einsum;

/** Mean time of a run, in batches that are long beside the resolution of the clock. */
final class Stopwatch {
    /** Runs double until a batch takes this share of a turn. */
    private static final int BATCHES = 16;

    private Stopwatch() {
    }

    /** Runs for at least so many seconds and once; returns the mean seconds of a run. */
    static double mean(Runnable run, double seconds) {
        long turn = (long) (seconds * 1e9);
        long elapsed = 0;
        long runs = 0;
        long batch = 1;
        while (runs == 0 || elapsed < turn) {
            long start = System.nanoTime();
            for (long i = 0; i < batch; i++) {
                run.run();
            }
            long took = System.nanoTime() - start;
            runs += batch;
            elapsed += took;
            if (took < turn / BATCHES) {
                batch *= 2;
            }
        }
        return elapsed / 1e9 / runs;
    }
}
