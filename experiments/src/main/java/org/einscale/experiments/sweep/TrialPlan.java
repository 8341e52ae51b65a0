package org.einscale.experiments.sweep;

import com.typesafe.config.Config;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.shard.StagedStep;
import org.einscale.scaling.sweep.Trial;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TextData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;

/**
 * A rung of the ladder before it is trained.
 *
 * @param trial what it costs: parameters, tokens and floating-point operations
 * @param training the same in the trainer's terms, for no machine in particular
 */
record TrialPlan(Trial trial, PreparedTraining training) {
    /**
     * Builds the rung's model.
     *
     * @throws IllegalArgumentException if its model cannot be built or the text is too short for its sequences
     */
    static TrialPlan of(Rung rung, TextData text) {
        Settings settings = rung.settings();
        TrainingSpec training = TrainerSettings.training(settings, Machine.typical());
        PreparedTraining built = PreparedTraining.of(settings.model(), training, text);
        PreparedTraining prepared = built.of(StagedStep.checked(settings, built.step()));
        Model model = prepared.model();
        ModelSpec spec = settings.model().spec();
        Trial trial = new Trial(rung.name(), model.nonEmbeddingParameterCount(), model.parameterCount(), spec.layers(),
                spec.axes().getOrDefault("d", 0), training.steps() * training.tokensPerStep(), training.steps(),
                training.tokensPerStep(), training.learningRate(),
                (double) prepared.flopsPerStep() * training.steps(), configuration(settings, text));
        return new TrialPlan(trial, prepared);
    }

    /** What the models of the ladder may not mean, each text once; models that differ in size alone are tried once. */
    static Set<String> warnings(List<TrialPlan> ladder) {
        Set<List<Config>> tried = new HashSet<>();
        Set<String> warnings = new LinkedHashSet<>();
        for (TrialPlan plan : ladder) {
            Config model = plan.training.definition().model().withoutPath("axes").withoutPath("layers");
            if (tried.add(List.of(model, plan.training.definition().layers()))) {
                warnings.addAll(plan.training.warnings());
            }
        }
        return warnings;
    }

    private static String configuration(Settings settings, TextData text) {
        return String.format(Locale.ROOT, """
                seed = %d
                text = %s
                data = %s
                model = %s
                training = %s
                """, settings.seed(), text.checksum(), settings.data(), settings.model().text(), settings.training());
    }
}
