package org.einscale.bench;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.TrainingProgram;

/** The shipped GPT with its training step compiled by Einscale. */
final class EinscaleGpt implements StepRunner {
    private final Model model;
    private final TrainingProgram training;
    private final Session session;
    private int steps;

    EinscaleGpt(ModelSize size, Map<String, float[]> weights) {
        ModelSpec spec = ModelSpec.of(
                ConfigFactory.parseMap(
                        Map.of("axes.d", size.width(), "axes.h", size.heads(), "layers", size.layers(), "tied", false)),
                ConfigFactory.empty());
        model = spec.build(size.batch(), size.context(), ModelSize.VOCABULARY, true, 0);
        training = TrainingProgram.of(model, new AdamW(Recipe.BETA1, Recipe.BETA2, Recipe.EPSILON,
                Recipe.WEIGHT_DECAY, Recipe.CLIP_NORM));
        session = new Session(Plan.compile(training.program(), model.sizes(), Precision.FLOAT, Machine.measured()));
        for (Parameter parameter : model.parameters()) {
            String name = shapesName(parameter.value().name());
            float[] values = weights.get(name);
            if (values == null) {
                throw new IllegalArgumentException("no initial weights for '" + name + "'");
            }
            write(session.address(parameter.value()), values);
        }
        Raw.putFloat(session.address(training.learningRate()), (float) Recipe.LEARNING_RATE);
    }

    /** What {@link GptShapes} calls a parameter of the shipped GPT. */
    private static String shapesName(String name) {
        return switch (name) {
            case "embedding.tokens" -> "tokens";
            case "embedding.positions" -> "positions";
            case "norm.gain" -> "final.gain";
            case "norm.bias" -> "final.bias";
            case "head.out" -> "head";
            default -> name.replace(".norm.", ".norm1.").replace(".norm_2.", ".norm2.");
        };
    }

    private static void write(long address, float[] values) {
        for (int i = 0; i < values.length; i++) {
            Raw.putFloat(address + (long) i * Float.BYTES, values[i]);
        }
    }

    private static void write(long address, int[] tokens) {
        for (int i = 0; i < tokens.length; i++) {
            Raw.putFloat(address + (long) i * Float.BYTES, tokens[i]);
        }
    }

    @Override
    public float step(int[] inputs, int[] targets) {
        write(session.address(model.tokens()), inputs);
        write(session.address(model.targets()), targets);
        Raw.putFloat(session.address(training.step()), ++steps);
        session.run();
        return Raw.getFloat(session.address(model.loss()));
    }

    @Override
    public void close() {
        session.close();
    }
}
