package org.einscale.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Implementations that train the same model by turns, A B A B ..., so that what else the machine does meets all of them. The
 * first call warms up, and later calls find everything loaded.
 */
final class Contest implements AutoCloseable {
    private static final int BATCHES = 16;
    private static final long SEED = 1;

    private final List<TokenBatch> batches = new ArrayList<>();
    private final Map<Implementation, StepRunner> runners = new EnumMap<>(Implementation.class);
    private final SgemmPeak peak = new SgemmPeak();
    private int next;

    Contest(ModelSize size, List<Implementation> implementations) {
        Map<String, float[]> weights = GptShapes.initialWeights(size, SEED);
        for (int i = 0; i < BATCHES; i++) {
            batches.add(TokenBatch.of(size, SEED, i));
        }
        for (Implementation implementation : implementations) {
            runners.put(implementation, implementation.open(size, weights));
        }
    }

    /** Lets everyone train for at least so many seconds and one step. */
    Round round(double seconds) {
        Map<Implementation, Double> millis = new EnumMap<>(Implementation.class);
        runners.forEach((implementation, runner) -> millis.put(implementation, millis(runner, seconds)));
        return new Round(millis, peak.measure());
    }

    private double millis(StepRunner runner, double seconds) {
        long start = System.nanoTime();
        double elapsed = 0;
        int steps = 0;
        while (steps == 0 || elapsed < seconds) {
            TokenBatch batch = batches.get(next++ % BATCHES);
            runner.step(batch.inputs(), batch.targets());
            steps++;
            elapsed = (System.nanoTime() - start) / 1e9;
        }
        return elapsed * 1e3 / steps;
    }

    @Override
    public void close() {
        runners.values().forEach(StepRunner::close);
        peak.close();
    }
}
