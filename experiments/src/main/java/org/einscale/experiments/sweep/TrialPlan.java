package org.einscale.experiments.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.einscale.experiments.Provenance;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.config.FlatSettings;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.config.Settings;
import org.einscale.experiments.shard.StagedStep;
import org.einscale.scaling.sweep.Trial;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.TrainingSpec;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;
import org.einscale.trainer.layer.Parametrization;
import org.einscale.trainer.layer.Parametrization.MaximalUpdate;

/**
 * A rung of the ladder before it is trained.
 *
 * @param trial what it costs: parameters, tokens and floating-point operations
 * @param training the same in the trainer's terms, for no machine in particular
 */
record TrialPlan(Trial trial, PreparedTraining training) {
    /** By what name a training's origin holds its settings. */
    static final String SETTINGS = "settings";
    private static final Set<String> DECIDING = Set.of("seed", "data", "layers", "model", "training");
    private static final String CHECKPOINTS = "training.checkpoint-every";

    /** The same for each of a ladder's, built side by side; of several models that cannot be built the first is told. */
    static List<TrialPlan> of(List<Rung> ladder, TrainingData data) {
        List<FutureTask<TrialPlan>> plans = ladder.stream().map(rung -> new FutureTask<>(() -> of(rung, data)))
                .toList();
        plans.parallelStream().forEach(FutureTask::run);
        return plans.stream().map(TrialPlan::built).toList();
    }

    private static TrialPlan built(FutureTask<TrialPlan> plan) {
        if (plan.state() == Future.State.SUCCESS) {
            return plan.resultNow();
        }
        switch (plan.exceptionNow()) {
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case Throwable cause -> throw new IllegalStateException(cause);
        }
    }

    /**
     * Builds the rung's model.
     *
     * @throws IllegalArgumentException if its model cannot be built or the text is too short for its sequences
     */
    static TrialPlan of(Rung rung, TrainingData data) {
        Settings settings = rung.settings();
        PreparedTraining prepared = prepared(settings, data);
        TrainingSpec training = prepared.spec();
        Model model = prepared.model();
        ModelSpec spec = settings.model().spec();
        Trial trial = new Trial(rung.name(), model.nonEmbeddingParameterCount(), model.parameterCount(), spec.layers(),
                spec.axes().getOrDefault("d", 0), training.steps() * training.tokensPerStep(),
                prepared.uniqueTokens(), training.steps(), training.tokensPerStep(), training.learningRate(),
                settings.seed(), (double) prepared.flopsPerStep() * training.steps(),
                prepared.step().attentionFlops() * training.steps(), configuration(rung, data));
        return new TrialPlan(trial, prepared.from(Map.of(SETTINGS,
                rung.resolved().root().render(ConfigRenderOptions.concise()))));
    }

    /** The training that settings ask for, for no machine in particular. */
    static PreparedTraining prepared(Settings settings, TrainingData data) {
        PreparedTraining built = PreparedTraining.of(settings.model(),
                TrainerSettings.training(settings, Machine.typical()), data);
        return built.of(StagedStep.checked(settings, built.step()));
    }

    /**
     * The trainings of a ladder on a machine, by name.
     *
     * @param provenance where they come from, kept inside their models
     */
    static Map<String, PreparedTraining> trainings(List<TrialPlan> ladder, Profile machine, Provenance provenance) {
        Map<String, PreparedTraining> trainings = new LinkedHashMap<>();
        for (TrialPlan plan : ladder) {
            Map<String, String> origin = new HashMap<>(provenance.lasting());
            origin.putAll(plan.training().origin());
            origin.put("trial", plan.trial().name());
            origin.put("machine", machine.processor() + ", " + machine.vectors());
            trainings.put(plan.trial().name(), plan.training().on(machine).from(origin));
        }
        return trainings;
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
        warnings.addAll(growing(ladder.stream().map(plan -> plan.training.definition().spec()).toList()));
        return warnings;
    }

    /** That the sizes of axes go with the width, of which a model's base knows nothing. */
    private static List<String> growing(List<ModelSpec> models) {
        Map<String, SortedMap<Integer, SortedSet<Integer>>> sizes = new TreeMap<>();
        for (ModelSpec model : models) {
            if (model.parametrization() instanceof MaximalUpdate(SortedMap<String, Integer> base)) {
                model.axes().forEach((axis, size) -> {
                    if (!base.containsKey(axis)) {
                        sizes.computeIfAbsent(axis, _ -> new TreeMap<>())
                                .computeIfAbsent(model.axes().get(Parametrization.WIDTH),
                                        _ -> new TreeSet<>())
                                .add(size);
                    }
                });
            }
        }
        return sizes.entrySet().stream().filter(axis -> new HashSet<>(axis.getValue().values()).size() > 1)
                .map(axis -> "axis '" + axis.getKey() + "' is another where the width is another ("
                        + axis.getValue().entrySet().stream().map(each -> each.getValue().stream().map(String::valueOf)
                                .collect(Collectors.joining(" or ")) + " at " + Parametrization.WIDTH + " = "
                                + each.getKey())
                                .collect(Collectors.joining(", "))
                        + "), and maximal update takes it for one that stays; set model.parametrization.base-axes."
                        + axis.getKey() + " to what it is at base-width")
                .toList();
    }

    /** The settings that decide the numbers of a trial, one a line. */
    private static String configuration(Rung rung, TrainingData data) {
        return "text = " + data.checksum() + "\n" + FlatSettings.of(rung.resolved()).entrySet().stream()
                .filter(setting -> DECIDING.contains(setting.getKey().split("\\.", 2)[0])
                        && !setting.getKey().equals(CHECKPOINTS))
                .map(setting -> setting.getKey() + " = " + setting.getValue()).collect(Collectors.joining("\n"));
    }
}
