package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValue;
import org.einscale.experiments.UserError;

/** Puts settings over settings. The length of a training, written in tokens or in steps, is overridden as one thing. */
final class Overlay {
    private static final String TOKENS = "training.tokens";
    private static final String STEPS = "training.steps";

    private Overlay() {
    }

    static Config over(Config upper, Config lower) {
        boolean tokens = sets(upper, TOKENS);
        boolean steps = sets(upper, STEPS);
        if (tokens && steps) {
            throw new UserError("%s at %s: the length is already given by %s at %s; keep one of the two".formatted(
                    STEPS, Place.of(upper.getValue(STEPS)), TOKENS, Place.of(upper.getValue(TOKENS))));
        }
        ConfigValue none = ConfigValueFactory.fromAnyRef(null, "none, as " + TOKENS + " is set");
        Config below = tokens ? ConfigFactory.empty().withValue(STEPS, none).withFallback(lower) : lower;
        return upper.withFallback(below);
    }

    private static boolean sets(Config config, String path) {
        if (!config.hasPathOrNull(path)) {
            return false;
        }
        return !config.getIsNull(path);
    }
}
