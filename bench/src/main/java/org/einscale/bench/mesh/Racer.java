package org.einscale.bench.mesh;

/** A way to train. */
public interface Racer extends AutoCloseable {

    /** Trains for some seconds, a step at least. */
    double tokensPerSecond(double seconds);

    @Override
    void close();

    /** Steps for some seconds. */
    static double time(double seconds, int tokensPerStep, Runnable step) {
        long start = System.nanoTime();
        long steps = 0;
        do {
            step.run();
            steps++;
        } while (System.nanoTime() - start < seconds * 1e9);
        return steps * tokensPerStep / ((System.nanoTime() - start) * 1e-9);
    }
}
