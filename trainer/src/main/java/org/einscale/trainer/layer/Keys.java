package org.einscale.trainer.layer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.einscale.tensor.Decimal;
import org.einscale.tensor.Nearest;

/** Settings under one path of a configuration, read with messages of one line. */
record Keys(String where, Config config) {

    /** Refuses keys that are not known. */
    void allow(Collection<String> known) {
        for (String key : config.root().keySet()) {
            if (!known.contains(key)) {
                throw unknown(placed(key) + " is not a setting", key, known);
            }
        }
    }

    boolean has(String key) {
        return config.hasPath(key);
    }

    String path(String key) {
        return where + "." + key;
    }

    /** The path and, where a file has it, its place. */
    String placed(String key) {
        return path(key) + place(config.root().getOrDefault(key, config.root()));
    }

    /** Like {@code  at small.conf:3}; empty for what is in no file. */
    static String place(ConfigValue value) {
        ConfigOrigin origin = value.origin();
        return origin.filename() == null ? "" : " at " + origin.filename() + ":" + origin.lineNumber();
    }

    String text(String key) {
        return read(key, "a text", Config::getString);
    }

    int whole(String key) {
        return read(key, "a whole number", Config::getInt);
    }

    double number(String key) {
        return read(key, "a number", Keys::decimal);
    }

    private static double decimal(Config config, String path) {
        return config.getValue(path).unwrapped() instanceof Number number
                ? number.doubleValue()
                : Decimal.of(config.getString(path)).orElseThrow(() -> new ConfigException.BadValue(path, "no number"));
    }

    List<String> texts(String key) {
        return read(key, "a list of texts", Config::getStringList);
    }

    Config section(String key) {
        return read(key, "a section { ... }", Config::getConfig);
    }

    boolean flag(String key, boolean otherwise) {
        return has(key) ? read(key, "true or false", Config::getBoolean) : otherwise;
    }

    /** One of the texts. */
    String oneOf(String key, List<String> known) {
        String found = text(key);
        if (!known.contains(found)) {
            throw unknown(placed(key) + " is '" + found + "'", found, known);
        }
        return found;
    }

    private <T> T read(String key, String expected, BiFunction<Config, String, T> getter) {
        String path = ConfigUtil.quoteString(key);
        try {
            return getter.apply(config, path);
        } catch (ConfigException.Missing _) {
            throw new IllegalArgumentException(placed(key) + " is missing; expected " + expected);
        } catch (ConfigException _) {
            throw new IllegalArgumentException(
                    placed(key) + " is " + config.getValue(path).render() + "; expected " + expected);
        }
    }

    /** Reads something, putting the path before what is wrong with it, but for layers' lines, which show their place. */
    static <T> T reading(String path, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (LayerError e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /** A message that lists what is known and names the nearest. */
    static IllegalArgumentException unknown(String problem, String found, Collection<String> known) {
        String hint = Nearest.to(found, known).map(near -> "; did you mean '" + near + "'?").orElse("");
        return new IllegalArgumentException(problem + "; expected one of " + String.join(", ", known) + hint);
    }
}
