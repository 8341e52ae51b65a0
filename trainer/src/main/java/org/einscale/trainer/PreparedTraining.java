package org.einscale.trainer;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.layer.Model;

/**
 * A training before it is compiled: its model and its step are built once, tell what the training will cost, and are then
 * what {@link Training} compiles.
 *
 * @param step the model's gradient and update, of the spec's batch and length
 * @param flopsPerStep floating-point operations of one optimizer step, counted from its program
 * @param origin where the training comes from, a text by name: kept beside the parameters of its model
 */
public record PreparedTraining(ModelDefinition definition, TrainingData data, PlannedStep step, long flopsPerStep,
        SortedMap<String, String> origin) {
    /** The origin cannot be changed. */
    public PreparedTraining {
        origin = Collections.unmodifiableSortedMap(new TreeMap<>(origin));
    }

    /**
     * Builds model and step.
     *
     * @throws IllegalArgumentException in one line if the model is wrong, or the data cannot feed it
     */
    public static PreparedTraining of(ModelDefinition definition, TrainingSpec spec, TrainingData data) {
        data.check(spec);
        PlannedStep step = PlannedStep.of(definition.spec(), spec, data.vocabulary(), data.weighted());
        return new PreparedTraining(definition, data, step, step.flops(), Collections.emptySortedMap());
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
        return new PreparedTraining(definition, data, known, flopsPerStep, origin);
    }

    /** The same with another origin. */
    public PreparedTraining from(Map<String, String> other) {
        return new PreparedTraining(definition, data, step, flopsPerStep, new TreeMap<>(other));
    }

    /** Tokens that the training sees for the first time. */
    public long uniqueTokens() {
        return Math.min(spec().steps() * spec().tokensPerStep(), data.epoch(spec()));
    }

    /** What the model may not mean, a text each; see {@link ModelCheck}. */
    public List<String> warnings() {
        return ModelCheck.warnings(definition.spec(), spec().length(), data.vocabulary(), !data.weighted());
    }
}
