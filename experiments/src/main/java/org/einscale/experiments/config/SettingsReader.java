package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Nearest;

/** Reads a resolved configuration into {@link Settings}; the only place that knows the settings' keys. */
final class SettingsReader {
    /** The layers that ship, by the names that {@code model.block} calls them. */
    private static final Set<String> SHIPPED_LAYERS = Set.of("norm", "attention", "mlp");

    private SettingsReader() {
    }

    static Settings read(Config config) {
        Section root = Section.root(config);
        ConfigObject layers = root.objectAt("layers");
        return new Settings(root.whole("seed", 0), data(root.section("data")), layers.toConfig(),
                model(root.section("model"), layers), training(root.section("training")),
                new Settings.Sweep(root.section("sweep").count("workers", 0)),
                new Settings.Fit(root.section("fit").count("bootstrap", 1)));
    }

    private static Settings.Data data(Section data) {
        Section tokenizer = data.section("tokenizer");
        return new Settings.Data(data.text("source"), data.number("validation-fraction", Range.insideOne()),
                new Settings.Tokenizer(tokenizer.choice("kind", Settings.TokenizerKind.class),
                        tokenizer.count("vocabulary", 257)));
    }

    private static Settings.Model model(Section model, ConfigObject layers) {
        Map<String, Integer> axes = AxisSizes.of(model.objectAt("axes"), model.pathOf("axes"));
        List<String> block = model.texts("block");
        for (String name : block) {
            if (!SHIPPED_LAYERS.contains(name) && !layers.containsKey(name)) {
                throw unknownLayer(name, model.value("block"), layers);
            }
        }
        return new Settings.Model(axes, model.count("layers", 1), block, model.choice("norm", Settings.NormKind.class),
                model.choice("mlp", Settings.MlpKind.class), model.choice("positions", Settings.PositionKind.class),
                model.flag("tied"), model.number("dropout", Range.belowOne()));
    }

    private static UserError unknownLayer(String name, ConfigValue block, ConfigObject layers) {
        Set<String> known = new TreeSet<>(SHIPPED_LAYERS);
        known.addAll(layers.keySet());
        return new UserError("model.block at %s: no layer '%s'%s; the layers are %s".formatted(Place.of(block), name,
                Nearest.to(name, known).map(near -> ", did you mean '" + near + "'?").orElse(""),
                String.join(", ", known)));
    }

    private static Settings.Training training(Section training) {
        return new Settings.Training(training.whole("tokens", 1), training.wholeOrNull("steps", 1),
                training.count("batch", 1), training.count("length", 1),
                training.number("learning-rate", Range.above(0)), schedule(training.section("schedule")),
                optimizer(training.section("optimizer")), training.whole("evaluate-every", 0),
                training.whole("evaluation-tokens", 1), training.whole("checkpoint-every", 0),
                training.choice("precision", Settings.PrecisionKind.class));
    }

    private static Settings.Schedule schedule(Section schedule) {
        return new Settings.Schedule(schedule.choice("kind", Settings.ScheduleKind.class),
                schedule.number("warmup", Range.share()), schedule.number("decay", Range.share()),
                schedule.number("minimum", Range.share()));
    }

    private static Settings.Optimizer optimizer(Section optimizer) {
        return new Settings.Optimizer(optimizer.number("beta1", Range.belowOne()),
                optimizer.number("beta2", Range.belowOne()), optimizer.number("epsilon", Range.above(0)),
                optimizer.number("weight-decay", Range.atLeast(0)), optimizer.number("clip", Range.atLeast(0)));
    }
}
