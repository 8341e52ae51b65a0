package org.einscale.bench.mesh;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Set;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Arrays;
import org.einscale.trainer.TrainingStep;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The training step of a GPT of some size. */
record Gpt(Model model, TrainingProgram step) {

    static Gpt of(ModelSize size) {
        Model model = ModelSpec.of(
                ConfigFactory.parseMap(Map.of("axes.d", size.width(), "axes.h", size.heads(), "layers", size.layers())),
                ConfigFactory.empty()).build(size.batch(), size.context(), ModelSize.VOCABULARY, true, 0);
        return new Gpt(model, TrainingProgram.of(model, new AdamW(Recipe.BETA1, Recipe.BETA2, Recipe.EPSILON,
                Recipe.WEIGHT_DECAY, Recipe.CLIP_NORM)));
    }

    Program program() {
        return TrainingStep.program(step, model);
    }

    Set<Value> optimizerStates() {
        return TrainingStep.optimizerStates(step, model);
    }

    /** What a value is at the start. */
    INDArray start(Value value) {
        INDArray array = Nd4j.create(Precision.FLOAT.dataType(),
                value.axes().stream().mapToLong(model.sizes()::of).toArray(), 'c');
        for (Parameter parameter : model.parameters()) {
            if (parameter.value().equals(value)) {
                parameter.initialiser().fill(Precision.FLOAT, Arrays.addressOf(array), array.length(), 1, value.name());
            }
        }
        return array;
    }

    int tokens() {
        return Math.toIntExact(model.sizes().volume(model.tokens().axes()));
    }
}
