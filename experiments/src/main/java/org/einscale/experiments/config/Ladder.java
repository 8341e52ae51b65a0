package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;

/** Turns the entries of {@code sweep.sizes} into trials: the experiment's settings, overridden by each entry's. */
final class Ladder {
    private static final String PATH = "sweep.sizes";
    private static final String NAME = "name";
    /** All trials share their text, so that their losses can be compared. */
    private static final Set<String> WHOLE_PATHS = Set.of("seed", "model", "training");

    private final Config base;
    private final KnownKeys knownKeys;

    Ladder(Config base, KnownKeys knownKeys) {
        this.base = base;
        this.knownKeys = knownKeys;
    }

    /** The settings of each trial by its name, in the order of the entries. */
    SequencedMap<String, Config> trials() {
        ConfigList entries = Section.root(base).section("sweep").list("sizes");
        SequencedMap<String, Config> trials = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            String path = PATH + "[" + i + "]";
            if (!(entries.get(i) instanceof ConfigObject entry)) {
                throw SettingError.wrong(entries.get(i), path, "a section such as { d = 64, layers = 4 }");
            }
            if (entry.isEmpty()) {
                throw new SettingError(entry, path,
                        "expected what this trial sets, such as { d = 64, layers = 4 }, found { }");
            }
            String name = name(entry, path);
            if (trials.put(name, trial(entry, path)) != null) {
                throw new SettingError(entry, path,
                        "a second trial named '" + name + "'; give one of them another `name`");
            }
        }
        return trials;
    }

    private Config trial(ConfigObject entry, String path) {
        Config overrides = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> setting : new TreeMap<>(entry).entrySet()) {
            String key = setting.getKey();
            if (!key.equals(NAME)) {
                String meant = meaning(key).orElseThrow(() -> unknown(key, entry, path));
                Config more = setting.getValue().atPath(meant);
                refuseTwice(overrides, more, setting.getValue(), path + "." + key);
                overrides = overrides.withFallback(more);
            }
        }
        knownKeys.check(overrides.root(), List.of(base, overrides));
        Config settings = Overlay.over(overrides, base);
        SettingsReader.read(settings);
        IgnoredKeys.refuse(settings, overrides);
        return settings;
    }

    private static void refuseTwice(Config overrides, Config more, ConfigValue value, String key) {
        more.entrySet().stream().map(Map.Entry::getKey).filter(overrides::hasPath).findFirst().ifPresent(twice -> {
            throw new SettingError(value, key, "sets " + twice + " a second time; keep one of the two");
        });
    }

    /** A key of an entry is an axis, a key of the model, a key of the training, or the start of a whole path. */
    private Optional<String> meaning(String key) {
        Optional<String> section = Stream.of("model.axes", "model", "training")
                .filter(path -> section(path).containsKey(key)).findFirst();
        return section.map(path -> path + "." + ConfigUtil.joinPath(key))
                .or(() -> Optional.of(key).filter(WHOLE_PATHS::contains));
    }

    private SettingError unknown(String key, ConfigObject entry, String path) {
        ConfigValue value = Objects.requireNonNull(entry.get(key));
        Set<String> known = new TreeSet<>(section("model.axes").keySet());
        known.addAll(section("model").keySet());
        known.addAll(section("training").keySet());
        known.add(NAME);
        return SettingError.unknown(value, path + "." + key, Nearest.to(key, known, near -> !entry.containsKey(near)
                && works(entry.withoutKey(key).withValue(near, value), near, path)));
    }

    private boolean works(ConfigObject entry, String key, String path) {
        return key.equals(NAME)
                ? SettingError.accepts(path + "." + NAME, () -> name(entry, path))
                : SettingError.accepts(meaning(key).orElseThrow(), () -> trial(entry, path));
    }

    private ConfigObject section(String path) {
        return base.getObject(path);
    }

    private static String name(ConfigObject entry, String path) {
        @Nullable
        ConfigValue given = entry.get(NAME);
        if (given == null) {
            return defaultName(entry.toConfig());
        }
        String name = String.valueOf(given.unwrapped());
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw SettingError.wrong(given, path + "." + NAME, "letters, digits, dots, dashes and underscores");
        }
        return name;
    }

    /** What the entry sets, in one word: {@code d32-h2-layers2}. */
    private static String defaultName(Config entry) {
        return entry.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(setting -> (setting.getKey() + setting.getValue().unwrapped()).replaceAll("[^A-Za-z0-9._-]", ""))
                .collect(Collectors.joining("-"));
    }
}
