package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValue;
import org.einscale.trainer.config.SettingError;

/** Puts settings over settings. The length of a training, written in tokens or in steps, is overridden as one thing. */
final class Overlay {
    private static final String TOKENS = "training.tokens";
    private static final String STEPS = "training.steps";

    private Overlay() {
    }

    /** Puts settings over settings, both resolved. */
    static Config over(Config upper, Config lower) {
        return over(upper, lower, upper);
    }

    /**
     * Puts settings over settings, whose substitutions stay as they are.
     *
     * @param whole where the substitutions are looked up
     */
    static Config over(Config upper, Config lower, Config whole) {
        boolean tokens = sets(upper, TOKENS, whole);
        boolean steps = sets(upper, STEPS, whole);
        if (tokens && steps) {
            throw new SettingError(value(upper, STEPS, whole), STEPS, "the length is already given by " + TOKENS
                    + SettingError.place(value(upper, TOKENS, whole).origin()).map(place -> " at " + place).orElse("")
                    + "; keep one of the two");
        }
        ConfigValue none = ConfigValueFactory.fromAnyRef(null, "none, as " + TOKENS + " is set");
        Config below = tokens ? ConfigFactory.empty().withValue(STEPS, none).withFallback(lower) : lower;
        return upper.withFallback(below);
    }

    private static boolean sets(Config config, String path, Config whole) {
        return only(config, path, whole).hasPath(path);
    }

    private static ConfigValue value(Config config, String path, Config whole) {
        return only(config, path, whole).getValue(path);
    }

    private static Config only(Config config, String path, Config whole) {
        return config.withOnlyPath(path).resolveWith(whole);
    }
}
