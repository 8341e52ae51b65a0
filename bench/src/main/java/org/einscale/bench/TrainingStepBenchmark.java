package org.einscale.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one thread need for a training step of a small GPT in float32? The size is
 * layers x width x heads x context x batch. For ratios between implementations on a noisy machine prefer {@link StepComparison},
 * which alternates them.
 */
@SuppressWarnings("NullAway.Init") // JMH sets the parameters and calls open before it measures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrainingStepBenchmark {
    private static final int BATCHES = 16;

    /** Whoever is measured. */
    @Param
    public Implementation implementation;

    /** A {@link ModelSize} without commas, at which JMH would split it. */
    @Param({"2x32x2x64x8", "4x64x4x64x16", "4x128x4x128x8", "6x256x8x128x8"})
    public String size;

    private StepRunner runner;
    private TokenBatch[] batches;
    private int next;

    /** Loads the model and prepares batches. */
    @Setup(Level.Trial)
    public void open() {
        ModelSize parsed = ModelSize.parse(size);
        runner = implementation.open(parsed, GptShapes.initialWeights(parsed, 1));
        batches = new TokenBatch[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            batches[i] = TokenBatch.of(parsed, 1, i);
        }
    }

    /** Forward, backward, clip and update. */
    @Benchmark
    public float step() {
        TokenBatch batch = batches[next++ % BATCHES];
        return runner.step(batch.inputs(), batch.targets());
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() {
        runner.close();
    }
}
