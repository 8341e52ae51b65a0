package org.einscale.trainer;

import java.util.SortedMap;
import org.einscale.trainer.optimizer.Schedule;

/**
 * What trainings have in common that differ in their number of steps alone: they are the same, bit by bit, until the learning
 * rate of the shorter begins to decay. Hägele et al. 2024, "Scaling Laws and Compute-Optimal Training Beyond Fixed Training
 * Durations", save that way all but the decays of a scaling law's shorter runs.
 *
 * @param spec of one step, before all decay
 * @param model definition of the model, as text
 * @param data what identifies the data
 */
public record Trunk(TrainingSpec spec, String model, SortedMap<String, String> data) {

    /** That which a training begins with. */
    public static Trunk of(PreparedTraining training) {
        TrainingSpec spec = training.spec();
        return new Trunk(
                new TrainingSpec(spec.batch(), spec.microBatches(), spec.length(), 1, spec.learningRate(),
                        new Schedule.Constant(spec.schedule().warmup()), spec.optimizer(), spec.evaluateEvery(),
                        spec.evaluationTokens(), 0, spec.precision(), spec.seed(), spec.machine(), spec.splitting()),
                training.definition().text(), training.data().identity());
    }

    /** Steps of a training that a longer one of the same trunk does too; there is one at least that it does alone. */
    public static long steps(TrainingSpec spec) {
        return Math.min(spec.steps() - 1, spec.schedule().decaysFrom());
    }
}
