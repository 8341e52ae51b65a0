package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.einscale.trainer.config.SettingError;

/** Puts settings over settings. The length of a training, which is written in one of several ways, is overridden as one thing. */
final class Overlay {
    private static final List<String> LENGTHS = List.of("training.tokens", "training.steps", "training.flops",
            "training.tokens-per-parameter");
    private static final String ALONE = "\"\u2060alone\u2060\"";

    private Overlay() {
    }

    /** Settings of one place, with what their substitutions stand for in the whole. */
    static Config alone(Config place, Config whole) {
        return place.isResolved() ? place : place.atPath(ALONE).withFallback(whole).resolve().getConfig(ALONE);
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
        Config alone = alone(upper, whole);
        List<String> lengths = LENGTHS.stream().filter(alone::hasPath).toList();
        if (lengths.isEmpty()) {
            return upper.withFallback(lower);
        }
        String length = lengths.getFirst();
        if (lengths.size() > 1) {
            String second = lengths.get(1);
            throw new SettingError(alone.getValue(second), second, "the length is already given by " + length
                    + SettingError.place(alone.getValue(length).origin()).map(place -> " at " + place).orElse("")
                    + "; keep one of the two");
        }
        ConfigValue none = ConfigValueFactory.fromAnyRef(null, "none, as " + length + " is set");
        Config below = lower;
        for (String other : LENGTHS) {
            below = other.equals(length) ? below : ConfigFactory.empty().withValue(other, none).withFallback(below);
        }
        return upper.withFallback(below);
    }

    /**
     * Settings with one of them, if it is there, under another path.
     *
     * @throws SettingError if the same file or option sets that too
     */
    static Config renamed(Config config, String from, String to) {
        if (!config.hasPathOrNull(from)) {
            return config;
        }
        ConfigValue value = config.getIsNull(from) ? ConfigValueFactory.fromAnyRef(null) : config.getValue(from);
        if (config.hasPath(to) && isSetBeside(config.getValue(to), value)) {
            throw new SettingError(value, to, "is set already");
        }
        return value.atPath(to).withFallback(config.withoutPath(from));
    }

    /** Sections in one file are joined, which leaves all else to be set twice. */
    private static boolean isSetBeside(ConfigValue there, ConfigValue value) {
        boolean joined = there instanceof ConfigObject left && value instanceof ConfigObject right
                && Collections.disjoint(left.keySet(), right.keySet());
        return !joined && place(there).equals(place(value));
    }

    private static String place(ConfigValue value) {
        return Objects.requireNonNullElse(value.origin().filename(), value.origin().description());
    }
}
