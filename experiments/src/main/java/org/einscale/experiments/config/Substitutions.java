package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.SettingError;

/** Settings that ask for others, as in {@code batch = ${BATCH}}. */
final class Substitutions {
    private static final Pattern ASKED = Pattern.compile("\\$\\{([^}]*)}");

    private Substitutions() {
    }

    /** Whether nothing is left to look up in the value itself; a section's own values may still ask. */
    static boolean isResolved(ConfigValue value) {
        try {
            // Each of these throws where something is left.
            boolean unused = value.valueType() == ConfigValueType.OBJECT && ((ConfigObject) value).isEmpty();
            return true;
        } catch (ConfigException.NotResolved asks) {
            return false;
        }
    }

    /** The error for a name that stands for nothing: it says which setting asks for it. */
    static SettingError unresolved(ConfigException.UnresolvedSubstitution problem, List<Config> layers) {
        Matcher asked = ASKED.matcher(String.valueOf(problem.getMessage()));
        String name = asked.find() ? asked.group(1) : "?";
        SortedMap<String, ConfigValue> settings = new TreeMap<>();
        layers.forEach(layer -> collect(layer.root(), "", settings));
        Optional<Map.Entry<String, ConfigValue>> asker = settings.entrySet().stream()
                .filter(setting -> asksFor(name, setting.getValue())).findFirst();
        String by = asker.map(Map.Entry::getKey).orElse("");
        String said = "${%s} is neither a setting nor a variable of the environment%s".formatted(name,
                Nearest.to(name, settings.keySet(),
                        near -> asker.isPresent() && !asksFor(by, Objects.requireNonNull(settings.get(near)))
                                && standsIn(near, name, by, layers))
                        .map(near -> "; did you mean ${" + near + "}?").orElse(""));
        return asker.map(setting -> new SettingError(setting.getValue(), by, said))
                .orElseGet(() -> new SettingError(problem.origin(), "a substitution", said));
    }

    /** Whether a setting that asks for a name which stands for nothing can be read if that stands for another setting. */
    private static boolean standsIn(String near, String name, String asker, List<Config> layers) {
        try {
            Config meant = ConfigFactory.parseString(name + " = ${" + near + "}");
            Config whole = layers.stream().reduce(meant, (lower, upper) -> upper.withFallback(lower));
            Config value = whole.resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true)).withOnlyPath(asker);
            return !near.equals(asker) && SettingError.accepts(asker,
                    () -> SettingsReader.read(value.withFallback(ExperimentFile.reference())));
        } catch (ConfigException refused) {
            return false;
        }
    }

    private static boolean asksFor(String name, ConfigValue value) {
        return value.render().contains("${" + name + "}");
    }

    private static void collect(ConfigObject section, String path, Map<String, ConfigValue> settings) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (isResolved(entry.getValue()) && entry.getValue() instanceof ConfigObject child) {
                collect(child, at, settings);
            } else {
                settings.put(at, entry.getValue());
            }
        }
    }
}
