package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/**
 * One size of a ladder, to be trained as a trial.
 *
 * @param name names the trial in files and tables: letters, digits, dots, dashes and underscores; unique in its ladder
 * @param resolved the experiment's settings with those of this size put over them
 * @param settings the same, typed and checked
 */
public record Rung(String name, Config resolved, Settings settings) {

    /** The same, named otherwise, with other values of some settings, by their paths. */
    public Rung with(String otherName, Map<String, ?> values) {
        Config changed = Overlay.over(ConfigFactory.parseMap(values), resolved);
        return new Rung(otherName, changed, SettingsReader.read(changed));
    }
}
