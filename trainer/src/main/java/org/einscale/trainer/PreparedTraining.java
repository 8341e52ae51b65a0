package org.einscale.trainer;

import java.util.List;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.layer.Model;

/**
 * A training before it is compiled: its model and its step are built once, tell what the training will cost, and are then
 * what {@link Training} compiles.
 *
 * @param step the model's gradient and update, of the spec's batch and length
 * @param flopsPerStep floating-point operations of one optimizer step, counted from its program
 */
public record PreparedTraining(ModelDefinition definition, TextData data, PlannedStep step, long flopsPerStep) {
    /**
     * Builds model and step.
     *
     * @throws IllegalArgumentException in one line if the model is wrong, or the text cannot feed it
     */
    public static PreparedTraining of(ModelDefinition definition, TrainingSpec spec, TextData data) {
        data.check(spec);
        PlannedStep step = PlannedStep.of(definition.spec(), spec, data.vocabulary());
        return new PreparedTraining(definition, data, step, step.flops());
    }

    public TrainingSpec spec() {
        return step.spec();
    }

    /** For training, of one micro-batch. */
    public Model model() {
        return step.model();
    }

    /** The same on another machine. */
    public PreparedTraining on(Profile machine) {
        return of(step.with(spec().on(machine)));
    }

    /** The same with more known of its step. */
    public PreparedTraining of(PlannedStep known) {
        return new PreparedTraining(definition, data, known, flopsPerStep);
    }

    /** What the model may not mean, a text each; see {@link ModelCheck}. */
    public List<String> warnings() {
        return ModelCheck.warnings(definition.spec(), spec().length(), data.vocabulary());
    }
}
