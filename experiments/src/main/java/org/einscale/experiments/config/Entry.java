package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.SettingError;

/**
 * What a trial sets over the experiment's settings: by the name of an axis, of a key of the model or of the training, or by
 * the whole path.
 *
 * @param entry the settings by such names
 * @param path where they stand, for messages
 */
record Entry(ConfigObject entry, String path, Config base) {
    /** All trials share their text, so that their losses can be compared. */
    private static final Set<String> WHOLE_PATHS = Set.of("seed", "model", "training");

    /** Refuses a name that means no setting. */
    void check() {
        entry.keySet().stream().filter(key -> meaning(key).isEmpty()).findFirst().ifPresent(key -> {
            throw unknown(key);
        });
    }

    /** The settings by their whole paths. */
    Config overrides() {
        Config overrides = ConfigFactory.empty();
        for (Map.Entry<String, ConfigValue> setting : new TreeMap<>(entry).entrySet()) {
            String key = setting.getKey();
            Config more = setting.getValue().atPath(meaning(key).orElseThrow(() -> unknown(key)));
            refuseTwice(overrides, more, setting.getValue(), path + "." + key);
            overrides = overrides.withFallback(more);
        }
        return overrides;
    }

    private static void refuseTwice(Config overrides, Config more, ConfigValue value, String key) {
        more.entrySet().stream().map(Map.Entry::getKey).filter(overrides::hasPath).findFirst().ifPresent(twice -> {
            throw new SettingError(value, key, "sets " + twice + " a second time; keep one of the two");
        });
    }

    /**
     * The settings of the trial that sets this.
     *
     * @throws SettingError if they cannot be
     */
    Config settings(KnownKeys knownKeys) {
        Config overrides = overrides();
        knownKeys.check(overrides.root(), List.of(base, overrides));
        Config settings = Overlay.over(overrides, base);
        SettingsReader.read(settings);
        IgnoredKeys.refuse(settings, overrides);
        return settings;
    }

    /** The whole path of a key: an axis, a key of the model, a key of the training, or the start of a whole path. */
    private Optional<String> meaning(String key) {
        return meaning(key, base);
    }

    static Optional<String> meaning(String key, Config base) {
        Optional<String> section = Stream.of("model.axes", "model", "training")
                .filter(path -> base.getObject(path).containsKey(key)).findFirst();
        return section.map(path -> path + "." + ConfigUtil.joinPath(key))
                .or(() -> Optional.of(key).filter(WHOLE_PATHS::contains));
    }

    private SettingError unknown(String key) {
        ConfigValue value = Objects.requireNonNull(entry.get(key));
        Set<String> known = new TreeSet<>(names(base));
        known.add(Ladder.NAME);
        return SettingError.unknown(value, path + "." + key, Nearest.to(key, known, near -> !entry.containsKey(near)
                && works(new Entry(entry.withoutKey(key).withValue(near, value), path, base), near)));
    }

    /** Names that need no path. */
    static Set<String> names(Config base) {
        Set<String> names = new TreeSet<>(base.getObject("model.axes").keySet());
        names.addAll(base.getObject("model").keySet());
        names.addAll(base.getObject("training").keySet());
        return names;
    }

    private static boolean works(Entry renamed, String key) {
        return key.equals(Ladder.NAME)
                ? SettingError.accepts(renamed.path + "." + key, () -> Ladder.checkedName(renamed.entry, renamed.path))
                : SettingError.accepts(meaning(key, renamed.base).orElseThrow(),
                        () -> SettingsReader.read(Overlay.over(renamed.overrides(), renamed.base)));
    }
}
