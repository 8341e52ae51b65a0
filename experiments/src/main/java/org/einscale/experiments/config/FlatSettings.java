package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Settings as texts by their paths; equal numbers are equal texts, however they were written. */
public final class FlatSettings {
    private FlatSettings() {
    }

    /** All settings, sorted by path; those that are null too. */
    public static SortedMap<String, String> of(Config config) {
        SortedMap<String, String> values = new TreeMap<>();
        add(config.root(), "", values);
        return values;
    }

    private static void add(ConfigObject section, String prefix, Map<String, String> values) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            if (entry.getValue() instanceof ConfigObject child) {
                add(child, prefix + entry.getKey() + ".", values);
            } else {
                values.put(prefix + entry.getKey(), text(entry.getValue()));
            }
        }
    }

    private static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.NUMBER
                ? new BigDecimal(String.valueOf(value.unwrapped())).stripTrailingZeros().toPlainString()
                : value.render(ConfigRenderOptions.concise());
    }
}
