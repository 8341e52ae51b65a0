package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Forms;
import org.einscale.scaling.sweep.OnFailure;
import org.einscale.scaling.table.RunColumn;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rule;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Precision;
import org.einscale.trainer.ModelDefinition;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.layer.Parametrization;
import org.einscale.trainer.optimizer.AdamW;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.task.TaskKind;
import org.einscale.trainer.text.ByteTokenizer;

/** Reads a resolved configuration into {@link Settings}; the only place that knows the settings' keys. */
final class SettingsReader {
    private static final String SEARCH = "search";
    private static final Set<RunColumn> SIZES = EnumSet.of(RunColumn.N, RunColumn.N_TOTAL);
    private static final Set<RunColumn> COMPUTE = EnumSet.of(RunColumn.FLOPS_PROGRAM, RunColumn.FLOPS_6ND,
            RunColumn.FLOPS_ATTENTION);

    private SettingsReader() {
    }

    static Settings read(Config config) {
        Section root = Section.root(config);
        return new Settings(root.whole("seed", 0), data(root.section("data")),
                model(root.section("model"), root.section("layers")), training(root.section("training")),
                splitting(root), shard(root.section("shard"), root.textOrTexts("preset")),
                sweep(root.section("sweep")), fit(root.section("fit")));
    }

    private static Settings.Sweep sweep(Section sweep) {
        return new Settings.Sweep(sweep.count("workers", 0),
                scaling(sweep, "on-failure", OnFailure::of));
    }

    /** What scaling-laws makes of a text; what is wrong with that is said of the key. */
    private static <T> T scaling(Section section, String key, Function<String, T> maker) {
        try {
            return maker.apply(section.text(key));
        } catch (ScalingException wrong) {
            throw section.error(key, String.valueOf(wrong.getMessage()));
        }
    }

    private static Settings.Fit fit(Section fit) {
        return new Settings.Fit(scaling(fit, "law", law -> Forms.of(law, Set.of())), column(fit, "n", SIZES),
                column(fit, "c", COMPUTE), fit.count("bootstrap", 1));
    }

    /** One of some columns of a run's table, by its name. */
    private static String column(Section fit, String key, Set<RunColumn> known) {
        return fit.choice(key, known.stream().map(RunColumn::column).toList());
    }

    static Settings.Data data(Section data) {
        return task(data.section("task")).<Settings.Data>map(task -> task).orElseGet(
                () -> new Settings.Text(data.text("source"), data.number("validation-fraction", Range.insideOne()),
                        tokenizer(data.section("tokenizer"))));
    }

    static Optional<Settings.OfTask> task(Section section) {
        return TaskKind.read(section).map(task -> new Settings.OfTask(task, section.whole("examples", 0)));
    }

    static Settings.Tokenizer tokenizer(Section tokenizer) {
        Settings.TokenizerKind kind = tokenizer.choice("kind", Settings.TokenizerKind.class);
        return new Settings.Tokenizer(kind, switch (kind) {
            case BYTES -> new ByteTokenizer().vocabulary();
            case BPE -> tokenizer.count("vocabulary", 257);
        });
    }

    /** An experiment's model has blocks; what else may be wrong with it is the trainer's to say. */
    private static ModelDefinition model(Section model, Section layers) {
        model.count("layers", 1);
        if (model.texts("block").isEmpty()) {
            throw model.error("block", "expected at least one, found none");
        }
        ModelDefinition definition = new ModelDefinition(model.toConfig(), layers.toConfig());
        UnusedAxes.refuse(definition);
        return definition;
    }

    /** Asks for the keys that its kind needs; a model reads them. */
    static void parametrization(Section parametrization) {
        if (parametrization.choice("kind", Parametrization.Kind.class) == Parametrization.Kind.MUP) {
            parametrization.count("base-width", 1);
            parametrization.section("base-axes");
        }
    }

    private static Settings.Training training(Section training) {
        return new Settings.Training(budget(training), training.count("batch", 1), training.count("micro-batches", 1),
                training.count("length", 1),
                learningRate(training), schedule(training.section("schedule")),
                optimizer(training.section("optimizer")), training.whole("evaluate-every", 0),
                training.whole("evaluation-tokens", 1), training.whole("checkpoint-every", 0),
                training.choice("precision", Precision.class));
    }

    /** One of the ways alone has a value, as an {@link Overlay} sees to. */
    private static Budget budget(Section training) {
        if (training.has("steps")) {
            return new Budget.Steps(training.whole("steps", 1));
        }
        if (training.has("flops")) {
            return new Budget.Flops(training.number("flops", Range.above(0)));
        }
        if (training.has("tokens-per-parameter")) {
            return new Budget.TokensPerParameter(training.number("tokens-per-parameter", Range.above(0)));
        }
        return new Budget.Tokens(training.whole("tokens", 1));
    }

    private static LearningRate learningRate(Section training) {
        if (!training.isText("learning-rate", SEARCH)) {
            return new LearningRate.Fixed(training.number("learning-rate", Range.above(0)));
        }
        Section search = training.section("search");
        List<Double> range = search.numbers("range", Range.above(0));
        if (range.size() != 2 || range.getFirst() >= range.getLast()) {
            throw search.error("range", "expected [low, high], the lower first");
        }
        return new LearningRate.Search(range.getFirst(), range.getLast(), search.count("count", 3),
                search.number("share", Range.aboveToOne()));
    }

    static Settings.Schedule schedule(Section schedule) {
        double warmup = schedule.number("warmup", Range.share());
        OptionalLong steps = schedule.wholeOrNull("warmup-steps", 0);
        Settings.ScheduleKind kind = schedule.choice("kind", Settings.ScheduleKind.class);
        return switch (kind) {
            case COSINE ->
                new Settings.Schedule(kind, warmup, steps, 1 - warmup, schedule.number("minimum", Range.share()));
            case WSD -> new Settings.Schedule(kind, warmup, steps, schedule.number("decay", Range.share()),
                    schedule.number("minimum", Range.share()));
            case CONSTANT -> new Settings.Schedule(kind, warmup, steps, 0, 1);
        };
    }

    /** Rules given as a section are taken in the order of their names, those given as a text in their own. */
    private static Splitting splitting(Section root) {
        Section axes = root.section("mesh");
        SequencedMap<String, Integer> sizes = new LinkedHashMap<>();
        axes.keys().stream().sorted().filter(axes::has).forEach(axis -> sizes.put(axis, axes.count(axis, 1)));
        Mesh mesh = root.reading("mesh", () -> new Mesh(sizes));
        List<Rule> rules = root.reading("rules", () -> Rules.of(mesh, ruleText(root)).rules());
        List<Preset> presets = root.textOrTexts("preset").stream()
                .map(name -> root.reading("preset", () -> Preset.of(name))).toList();
        return root.reading("preset", () -> Splitting.of(mesh, rules, presets));
    }

    private static Settings.Shard shard(Section shard, List<String> presets) {
        return new Settings.Shard(presets, shard.texts("compare"), shard.text("plan"), shard.flag("forbid-implicit"));
    }

    private static String ruleText(Section root) {
        if (root.value("rules").valueType() != ConfigValueType.OBJECT) {
            return root.text("rules");
        }
        return root.section("rules").allTexts().entrySet().stream().map(rule -> rule.getKey() + "=" + rule.getValue())
                .collect(Collectors.joining(", "));
    }

    /** A clip of 0 means none. */
    static Optimizer optimizer(Section optimizer) {
        double weightDecay = optimizer.number("weight-decay", Range.atLeast(0));
        double norm = optimizer.number("clip", Range.atLeast(0));
        double clip = norm == 0 ? Double.POSITIVE_INFINITY : norm;
        return switch (optimizer.choice("kind", Settings.OptimizerKind.class)) {
            case ADAMW -> new AdamW(optimizer.number("beta1", Range.belowOne()),
                    optimizer.number("beta2", Range.belowOne()), optimizer.number("epsilon", Range.above(0)),
                    weightDecay, clip);
            case SGD -> new Sgd(optimizer.number("momentum", Range.belowOne()), optimizer.flag("nesterov"),
                    weightDecay, clip);
        };
    }
}
