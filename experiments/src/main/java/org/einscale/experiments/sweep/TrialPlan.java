package org.einscale.experiments.sweep;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.config.Settings;
import org.einscale.scaling.sweep.Trial;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.ModelCheck;
import org.einscale.trainer.ModelDefinition;
import org.einscale.trainer.TextData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.optimizer.TrainingProgram;

/** What a rung of the ladder costs, known before it is trained: parameters, tokens and floating-point operations. */
final class TrialPlan {
    private TrialPlan() {
    }

    /**
     * The rung as a trial of a sweep.
     *
     * @throws IllegalArgumentException if its model cannot be built or the text is too short for its sequences
     */
    static Trial of(Rung rung, TextData text) {
        Settings settings = rung.settings();
        TrainingSpec training = TrainerSettings.training(settings, Machine.typical());
        text.check(training);
        ModelSpec spec = settings.model().spec();
        Model model = spec.build(training.batch(), training.length(), text.vocabulary(), true, training.seed());
        return new Trial(rung.name(), model.nonEmbeddingParameterCount(), model.parameterCount(), spec.layers(),
                spec.axes().getOrDefault("d", 0), training.steps() * training.tokensPerStep(), training.steps(),
                training.tokensPerStep(), training.learningRate(), flopsPerStep(model, training) * training.steps(),
                configuration(settings, text));
    }

    /** What the models of the ladder may not mean, each text once; models that differ in size alone are tried once. */
    static Set<String> warnings(List<Rung> ladder, TextData text) {
        Set<String> tried = new HashSet<>();
        Set<String> warnings = new LinkedHashSet<>();
        for (Rung rung : ladder) {
            ModelDefinition model = rung.settings().model();
            if (tried.add(new ModelDefinition(model.model().withoutPath("axes").withoutPath("layers"), model.layers())
                    .text())) {
                warnings.addAll(
                        ModelCheck.warnings(model.spec(), rung.settings().training().length(), text.vocabulary()));
            }
        }
        return warnings;
    }

    private static double flopsPerStep(Model model, TrainingSpec training) {
        Program step = TrainingProgram.of(model, training.optimizer()).program();
        return Flops.of(step, SizeInference.infer(step, model.sizes()));
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
