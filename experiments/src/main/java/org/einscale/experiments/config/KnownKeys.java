package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;

/**
 * Refuses keys that {@code reference.conf} does not have, naming the nearest that it has. Some sections hold names of the
 * user's own, such as {@code layers} and {@code model.axes}, or names that are checked elsewhere.
 */
final class KnownKeys {
    private static final Set<String> OPEN_SECTIONS = Set.of("layers", "model.axes",
            "model.parametrization.base-axes", "mesh", "rules", "sweep.grid",
            "sweep.zip",
            "sweep.random");

    private final ConfigObject reference;

    KnownKeys(ConfigObject reference) {
        this.reference = reference;
    }

    /**
     * Throws for the first key of settings that the reference does not have.
     *
     * @param places where settings are written, resolved, each over the one before; what is advised is tried in them
     */
    void check(ConfigObject settings, List<Config> places) {
        check(settings, reference, "", places);
    }

    private void check(ConfigObject found, ConfigObject known, String path, List<Config> places) {
        List<Map.Entry<String, ConfigValue>> inOrder = found.entrySet().stream()
                .sorted(Comparator
                        .comparing((Map.Entry<String, ConfigValue> entry) -> entry.getValue().origin().lineNumber())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        for (Map.Entry<String, ConfigValue> entry : inOrder) {
            String key = entry.getKey();
            @Nullable
            ConfigValue knownValue = known.get(key);
            if (knownValue == null) {
                String wrong = join(path, ConfigUtil.joinPath(key));
                throw SettingError.unknown(entry.getValue(), join(path, key),
                        suggestion(key, known, path, other -> works(wrong, other, places)));
            }
            String keyPath = join(path, key);
            if (knownValue instanceof ConfigObject knownSection && !OPEN_SECTIONS.contains(keyPath)) {
                if (!(entry.getValue() instanceof ConfigObject section)) {
                    throw SettingError.wrong(entry.getValue(), keyPath, "a section { ... }");
                }
                check(section, knownSection, keyPath, places);
            }
        }
    }

    /** Whether a setting that is not known can be read under another path. */
    private static boolean works(String wrong, String path, List<Config> places) {
        try {
            List<Config> renamed = places.stream().map(place -> Overlay.renamed(place, wrong, path)).toList();
            Config settings = ExperimentFile.resolved(renamed);
            return SettingError.accepts(path, () -> {
                SettingsReader.read(settings);
                IgnoredKeys.without(settings, renamed, List.of());
            });
        } catch (SettingError | UserError refused) {
            return false;
        }
    }

    /** The nearest key of the same section, or else the key's twin in another one. */
    private Optional<String> suggestion(String key, ConfigObject section, String path, Predicate<String> works) {
        Optional<String> sibling = Nearest.to(key, section.keySet(), near -> works.test(join(path, near)))
                .map(near -> join(path, near));
        return sibling.or(() -> pathsEndingIn(key, works));
    }

    private Optional<String> pathsEndingIn(String key, Predicate<String> works) {
        Set<String> paths = new LinkedHashSet<>();
        collectPaths(reference, "", paths);
        Function<String, Optional<String>> twin = name -> paths.stream().filter(path -> lastOf(path).equals(name))
                .filter(works).findFirst();
        return twin.apply(key)
                .or(() -> Nearest.to(key, paths.stream().map(KnownKeys::lastOf).toList(),
                        near -> twin.apply(near).isPresent()).flatMap(twin));
    }

    private static void collectPaths(ConfigObject section, String path, Set<String> paths) {
        section.keySet().stream().sorted().forEach(key -> {
            paths.add(join(path, key));
            if (section.get(key) instanceof ConfigObject child) {
                collectPaths(child, join(path, key), paths);
            }
        });
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
