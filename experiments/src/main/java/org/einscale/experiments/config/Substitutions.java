package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
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
        String said = "${%s} is neither a setting nor a variable of the environment%s".formatted(name,
                Nearest.to(name, settings.keySet()).map(near -> "; did you mean ${" + near + "}?").orElse(""));
        return settings.entrySet().stream().filter(setting -> asksFor(name, setting.getValue())).findFirst()
                .map(setting -> new SettingError(setting.getValue(), setting.getKey(), said))
                .orElseGet(() -> new SettingError(problem.origin(), "a substitution", said));
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
