package org.einscale.experiments.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;

/**
 * Refuses keys that {@code reference.conf} does not have, naming the nearest that it has. Two sections hold names of the
 * user's own: {@code layers}, which the trainer checks, and {@code model.axes}.
 */
final class KnownKeys {
    private static final Set<String> OPEN_SECTIONS = Set.of("layers", "model.axes");

    private final ConfigObject reference;

    KnownKeys(ConfigObject reference) {
        this.reference = reference;
    }

    /** Throws for the first key of the file that the reference does not have. */
    void check(ConfigObject file) {
        check(file, reference, "");
    }

    private void check(ConfigObject found, ConfigObject known, String path) {
        for (Map.Entry<String, ConfigValue> entry : found.entrySet()) {
            String key = entry.getKey();
            @Nullable
            ConfigValue knownValue = known.get(key);
            if (knownValue == null) {
                throw SettingError.unknown(entry.getValue(), join(path, key), suggestion(key, known, path));
            }
            String keyPath = join(path, key);
            if (knownValue instanceof ConfigObject knownSection && !OPEN_SECTIONS.contains(keyPath)) {
                if (!(entry.getValue() instanceof ConfigObject section)) {
                    throw SettingError.wrong(entry.getValue(), keyPath, "a section { ... }");
                }
                check(section, knownSection, keyPath);
            }
        }
    }

    /** The nearest key of the same section, or else the key's twin in another one. */
    private Optional<String> suggestion(String key, ConfigObject section, String path) {
        Optional<String> sibling = Nearest.to(key, section.keySet()).map(near -> join(path, near));
        return sibling.or(() -> pathsEndingIn(key));
    }

    private Optional<String> pathsEndingIn(String key) {
        Set<String> paths = new LinkedHashSet<>();
        collectPaths(reference, "", paths);
        return paths.stream().filter(path -> lastOf(path).equals(key)).findFirst()
                .or(() -> Nearest.to(key, paths.stream().map(KnownKeys::lastOf).toList())
                        .flatMap(near -> paths.stream().filter(path -> lastOf(path).equals(near)).findFirst()));
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
