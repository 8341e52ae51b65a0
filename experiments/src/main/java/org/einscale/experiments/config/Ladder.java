package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;

/** Turns the entries of {@code sweep.sizes} into trials: the experiment's settings, overridden by each entry's. */
final class Ladder {
    private static final String PATH = "sweep.sizes";
    /** All trials share their text, so that their losses can be compared. */
    private static final Set<String> WHOLE_PATHS = Set.of("seed", "model", "training");

    private final Config base;
    private final KnownKeys knownKeys;

    Ladder(Config base, KnownKeys knownKeys) {
        this.base = base;
        this.knownKeys = knownKeys;
    }

    List<Rung> rungs() {
        ConfigList entries = Section.root(base).section("sweep").list("sizes");
        Map<String, Rung> rungs = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            String path = PATH + "[" + i + "]";
            if (!(entries.get(i) instanceof ConfigObject entry)) {
                throw SettingError.wrong(entries.get(i), path, "a section such as { d = 64, layers = 4 }");
            }
            if (entry.isEmpty()) {
                throw new SettingError(entry, path,
                        "expected what this trial sets, such as { d = 64, layers = 4 }, found { }");
            }
            Rung rung = rung(entry, path);
            if (rungs.put(rung.name(), rung) != null) {
                throw new SettingError(entry, path,
                        "a second trial named '" + rung.name() + "'; give one of them another `name`");
            }
        }
        return new ArrayList<>(rungs.values());
    }

    private Rung rung(ConfigObject entry, String path) {
        Config overrides = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> setting : new TreeMap<>(entry).entrySet()) {
            if (!setting.getKey().equals("name")) {
                overrides = overrides.withFallback(override(setting.getKey(), setting.getValue(), path));
            }
        }
        knownKeys.check(overrides.root());
        return new Rung(name(entry, path), SettingsReader.read(Overlay.over(overrides, base)));
    }

    /** A key of an entry is an axis, a key of the model, a key of the training, or the start of a whole path. */
    private Config override(String key, ConfigValue value, String path) {
        if (section("model.axes").containsKey(key)) {
            return value.atPath(ConfigUtil.joinPath("model", "axes", key));
        }
        if (section("model").containsKey(key)) {
            return value.atPath(ConfigUtil.joinPath("model", key));
        }
        if (section("training").containsKey(key)) {
            return value.atPath(ConfigUtil.joinPath("training", key));
        }
        if (WHOLE_PATHS.contains(key)) {
            return value.atKey(key);
        }
        Set<String> known = new TreeSet<>(section("model.axes").keySet());
        known.addAll(section("model").keySet());
        known.addAll(section("training").keySet());
        known.add("name");
        throw SettingError.unknown(value, path + "." + key, Nearest.to(key, known));
    }

    private ConfigObject section(String path) {
        return base.getObject(path);
    }

    private static String name(ConfigObject entry, String path) {
        @Nullable
        ConfigValue given = entry.get("name");
        if (given == null) {
            return defaultName(entry.toConfig());
        }
        String name = String.valueOf(given.unwrapped());
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw SettingError.wrong(given, path + ".name", "letters, digits, dots, dashes and underscores");
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
