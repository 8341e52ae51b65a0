package org.einscale.trainer.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.einscale.tensor.Nearest;

/**
 * A setting that cannot be used, in one line: {@code mine.conf:12: training.batch: expected ..., found ...}. A setting that
 * was not read from a file has no place.
 */
public final class SettingError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    /** What the origin of a setting from the command line begins with. */
    public static final String OPTION = "-S ";
    private final String key;

    /**
     * @param origin where the setting is written
     * @param key its path, such as {@code training.batch}
     * @param problem what was expected and found, and the nearest fix
     */
    public SettingError(ConfigOrigin origin, String key, String problem) {
        super(place(origin).map(place -> place + ": ").orElse("") + key + ": " + problem);
        this.key = key;
    }

    public SettingError(ConfigValue value, String key, String problem) {
        this(value.origin(), key, problem);
    }

    /** A value that cannot be what its key asks for. */
    public static SettingError wrong(ConfigValue value, String key, String expected) {
        return new SettingError(value, key, "expected " + expected + ", found " + found(value));
    }

    /**
     * Whether a reading of settings finds nothing wrong with one of them; what is wrong with others is not that one's fault.
     *
     * @param key the setting's path
     */
    public static boolean accepts(String key, Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (SettingError wrong) {
            return !(wrong.key + ".").startsWith(key + ".") && !wrong.key.startsWith(key + "[");
        } catch (IllegalArgumentException elsewhere) {
            return true;
        }
    }

    /** A key that there is not. */
    public static SettingError unknown(ConfigValue value, String key, Optional<String> nearest) {
        return new SettingError(value, key,
                "no such setting" + nearest.map(near -> "; did you mean " + near + "?").orElse(""));
    }

    /** {@code a, b or c}. */
    public static String oneOf(Collection<String> names) {
        List<String> all = List.copyOf(names);
        return all.size() < 2
                ? String.join("", all)
                : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
    }

    /** {@code ; did you mean b?}, or nothing. */
    public static String hint(String found, Collection<String> known) {
        return hint(found, known, _ -> true);
    }

    /** The same of those that would do in the place of what was found. */
    public static String hint(String found, Collection<String> known, Predicate<String> works) {
        return Nearest.to(found, known, works).map(near -> "; did you mean " + near + "?").orElse("");
    }

    /** {@code mine.conf:12}, or the option that says so; nothing for what was made or read in Java. */
    public static Optional<String> place(ConfigOrigin origin) {
        String line = origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "";
        if (origin.filename() != null) {
            return Optional.of(origin.filename() + line);
        }
        if (origin.resource() != null) {
            return Optional.of(origin.resource() + line);
        }
        String description = origin.description().replaceFirst(": \\d+$", "");
        return switch (description) {
            case "String", "Reader", "hardcoded value" -> Optional.empty();
            default -> Optional.of(description.startsWith(OPTION) ? description : description + line);
        };
    }

    static String found(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section { ... }";
            case LIST -> "a list [ ... ]";
            case NULL -> "null";
            case NUMBER, BOOLEAN, STRING -> value.render();
        };
    }
}
