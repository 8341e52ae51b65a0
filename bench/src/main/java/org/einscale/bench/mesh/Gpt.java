package org.einscale.bench.mesh;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.Arrays;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Schedule;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The training step of a GPT of some size. */
public record Gpt(PlannedStep planned) {

    public static Gpt of(ModelSize size) {
        return of(size, 1);
    }

    /**
     * @param microBatches
     *            parts that the batch is taken in
     */
    static Gpt of(ModelSize size, int microBatches) {
        ModelSpec model = ModelSpec.of(
                ConfigFactory.parseMap(Map.of("axes.d", size.width(), "axes.h", size.heads(), "layers", size.layers())),
                ConfigFactory.empty());
        TrainingSpec spec = new TrainingSpec(size.batch(), size.context(), 1, Recipe.LEARNING_RATE,
                new Schedule.Constant(0), new AdamW(Recipe.BETA1, Recipe.BETA2, Recipe.EPSILON, Recipe.WEIGHT_DECAY,
                        Recipe.CLIP_NORM),
                0, size.context(), 0, Precision.FLOAT, 0).on(Machine.measured()).inMicroBatches(microBatches);
        return new Gpt(PlannedStep.of(model, spec, ModelSize.VOCABULARY));
    }

    public TrainingProgram step() {
        return planned.training();
    }

    public List<Parameter> parameters() {
        return planned.model().parameters();
    }

    /** How devices share it. */
    Partition partition(Splitting devices) {
        return Partition.of(planned.program(), planned.context(), devices, planned.optimizerStates());
    }

    /** How devices share it, in stages if that is asked for. */
    public Pipeline pipeline(Splitting devices) {
        return Pipeline.of(planned.program(), step().turns(), planned.context(), devices, planned.optimizerStates());
    }

    /** What a value is at the start. */
    public INDArray start(Value value) {
        INDArray array = Nd4j.create(Precision.FLOAT.dataType(),
                value.axes().stream().mapToLong(planned.sizes()::of).toArray(), 'c');
        for (Parameter parameter : parameters()) {
            if (parameter.value().equals(value)) {
                parameter.initialiser().fill(Precision.FLOAT, Arrays.addressOf(array), array.length(), 1, value.name());
            }
        }
        return array;
    }

    public int tokens() {
        return Math.toIntExact(planned.sizes().volume(step().tokens().axes()));
    }
}
