package org.einscale.trainer;

import java.util.List;
import org.einscale.einsum.cost.Flops;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.optimizer.TrainingProgram;

/**
 * A training before it is compiled: its model and its step are built once, tell what the training will cost, and are then
 * what {@link Training} compiles.
 *
 * @param model for training, of the spec's batch and length
 * @param step the model's program with gradient and update
 * @param flopsPerStep floating-point operations of one optimizer step, counted from its program
 */
public record PreparedTraining(ModelDefinition definition, TrainingSpec spec, TextData data, Model model,
        TrainingProgram step, long flopsPerStep) {
    /**
     * Builds model and step.
     *
     * @throws IllegalArgumentException in one line if the model is wrong, or the text cannot feed it
     */
    public static PreparedTraining of(ModelDefinition definition, TrainingSpec spec, TextData data) {
        data.check(spec);
        Model model = definition.spec().build(spec.batch(), spec.length(), data.vocabulary(), true, spec.seed());
        TrainingProgram step = TrainingProgram.of(model, spec.optimizer());
        return new PreparedTraining(definition, spec, data, model, step,
                (long) Flops.of(step.program(), model.sizes()));
    }

    /** The same on another machine. */
    public PreparedTraining on(Profile machine) {
        return new PreparedTraining(definition, spec.on(machine), data, model, step, flopsPerStep);
    }

    /** What the model may not mean, a text each; see {@link ModelCheck}. */
    public List<String> warnings() {
        return ModelCheck.warnings(definition.spec(), spec.length(), data.vocabulary());
    }
}
