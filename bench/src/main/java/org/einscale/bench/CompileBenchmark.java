package org.einscale.bench;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.program.Program;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;
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

/** How long does it take to compile the training step of a GPT of width 128, context 128 and batch 8, from its program to a plan? */
@SuppressWarnings("NullAway.Init") // JMH sets the parameter and calls build before it measures.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class CompileBenchmark {
    /** Blocks of the model. */
    @Param({"6", "48"})
    public int layers;

    private Program program;
    private Sizes sizes;

    /** Writes the program. */
    @Setup
    public void build() {
        Model model = ModelSpec.of(
                ConfigFactory.parseMap(Map.of("axes.d", 128, "axes.h", 4, "layers", layers, "tied", false)),
                ConfigFactory.empty()).build(8, 128, ModelSize.VOCABULARY, true, 0);
        program = TrainingProgram.of(model, new AdamW(Recipe.BETA1, Recipe.BETA2, Recipe.EPSILON,
                Recipe.WEIGHT_DECAY, Recipe.CLIP_NORM)).program();
        sizes = model.sizes();
    }

    /** All passes, kernels and memory. */
    @Benchmark
    public Plan compile() {
        return Plan.compile(program, sizes, Precision.FLOAT, Profile.BITS_256);
    }
}
