package org.einscale.experiments.config;

import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.einscale.einsum.cost.Flops;
import org.einscale.tensor.Axis;
import org.einscale.trainer.ModelDefinition;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.ModelSpec;

/**
 * Refuses the size of an axis that the model does not have, which a slip of the pen would otherwise leave without effect.
 * The axes of {@code reference.conf} may be set for any model.
 */
final class UnusedAxes {
    private static final Set<String> ALWAYS_ALLOWED = ExperimentFile.reference().getObject("model.axes").keySet();
    private static final int BATCH = 2;
    private static final int LENGTH = 4;
    private static final int VOCABULARY = 300;

    private UnusedAxes() {
    }

    static void refuse(ModelDefinition definition) {
        ConfigObject axes = definition.model().getObject("axes");
        List<String> extra = axes.keySet().stream().filter(axis -> !ALWAYS_ALLOWED.contains(axis)).sorted().toList();
        Optional<Model> built = extra.isEmpty() ? Optional.empty() : build(definition::spec);
        built.ifPresent(model -> extra.stream().filter(axis -> !isUsed(axis, definition.spec(), model)).findFirst()
                .ifPresent(axis -> {
                    throw Section.at("model.axes", axes.toConfig()).error(axis, "no layer of the model uses this axis"
                            + SettingError.hint(axis, names(model), near -> !axes.containsKey(near)
                                    && wouldBeUsed(near, axis, definition.spec())));
                }));
    }

    private static Set<String> names(Model model) {
        return model.program().values().stream().flatMap(value -> value.axes().stream()).map(Axis::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isUsed(String axis, ModelSpec spec, Model model) {
        return names(model).contains(axis) || matters(axis, spec, model);
    }

    /** Whether a model of which an axis has the size that was given to another makes sense, and has that axis. */
    private static boolean wouldBeUsed(String axis, String other, ModelSpec spec) {
        int size = Objects.requireNonNull(spec.axes().get(other));
        return build(() -> spec.with(axis, size)).filter(model -> isUsed(axis, spec.with(axis, size), model))
                .isPresent();
    }

    /** Whether another size makes another model, or none, as where only the rule for another axis names this one. */
    private static boolean matters(String axis, ModelSpec spec, Model model) {
        int size = Objects.requireNonNull(spec.axes().get(axis));
        return List.of(size + 1, 2 * size, 7 * size + 1).stream().anyMatch(other -> build(() -> spec.with(axis, other))
                .filter(changed -> figures(changed).equals(figures(model))).isEmpty());
    }

    private static List<Double> figures(Model model) {
        return List.of((double) model.parameterCount(), Flops.of(model.program(), model.sizes()));
    }

    /** Nothing if the layers make no sense together, which is told when the model is built for its data. */
    private static Optional<Model> build(Supplier<ModelSpec> spec) {
        try {
            return Optional.of(spec.get().build(BATCH, LENGTH, VOCABULARY, true, 0));
        } catch (RuntimeException wrong) {
            return Optional.empty();
        }
    }
}
