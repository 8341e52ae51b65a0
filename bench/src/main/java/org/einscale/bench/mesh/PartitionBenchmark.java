package org.einscale.bench.mesh;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.einscale.bench.ModelSize;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to split the training step of a GPT of 48 layers, width 1,024, for the first time in a process. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class PartitionBenchmark {
    /** Mesh and presets. */
    @Param({"data=8,model=8: data megatron", "data=64,model=16: fsdp sequence vocabulary"})
    public String on;

    private Gpt gpt;
    private Splitting splitting;

    /** Writes the program. */
    @Setup
    public void build() {
        gpt = Gpt.of(new ModelSize(48, 1024, 16, 1024, 128));
        String[] sides = on.split(": ");
        splitting = Splitting.of(Mesh.of(sides[0]), List.of(), Stream.of(sides[1].split(" ")).map(Preset::of).toList());
    }

    /** All of it, from program to program. */
    @Benchmark
    public Partition partition() {
        return gpt.partition(splitting);
    }
}
