package org.einscale.experiments.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.plan.PlanFile;
import org.einscale.sharding.device.Workshop.Work;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PlannedStep;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingSpec;

/**
 * All that a node needs to make the program of a training for itself. Text and tokenizer are not among it: who leads the
 * devices sends them the tokens of each step.
 *
 * @param settings
 *            of the training, in HOCON
 * @param plan
 *            content of the file that takes the place of mesh, rules and presets; empty for none
 * @param vocabulary
 *            number of tokens
 * @param weighted
 *            whether targets count differently
 * @param machine
 *            that all nodes plan for, so that they make the same choices
 */
public record Recipe(String settings, String plan, int vocabulary, boolean weighted, Profile machine) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PLAN = "shard.plan";

    /**
     * Of a training.
     *
     * @param resolved
     *            every setting that it reads
     */
    public static Recipe of(Config resolved, PreparedTraining training) {
        String file = resolved.hasPath(PLAN) ? resolved.getString(PLAN) : "";
        // The rate may have been searched for.
        Config settings = resolved.withoutPath(PLAN).withValue("training.learning-rate",
                ConfigValueFactory.fromAnyRef(training.spec().learningRate()));
        return new Recipe(settings.root().render(ConfigRenderOptions.concise()),
                file.isEmpty() ? "" : PlanFile.read(Path.of(file)).text(), training.data().vocabulary(),
                training.data().weighted(), training.spec().machine());
    }

    /** The recipe that a text holds. */
    static Recipe parse(String text) {
        try {
            return JSON.readValue(text, Recipe.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("has no use for this training: " + e.getOriginalMessage(), e);
        }
    }

    /** As text. */
    public String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What devices run. */
    public static Work make(String text) {
        Recipe recipe = parse(text);
        Settings settings = ExperimentFile.recorded(recipe.settings);
        TrainingSpec spec = TrainerSettings.training(settings, recipe.machine);
        return work(PlannedStep.of(settings.model().spec(),
                recipe.plan.isEmpty() ? spec : spec.over(PlanFile.parse(recipe.plan).splitting()), recipe.vocabulary,
                recipe.weighted));
    }

    /** The same for who has planned the step already. */
    static Work work(PlannedStep step) {
        return new Work(step.pipeline(), step.spec().precision(), step.spec().machine());
    }
}
