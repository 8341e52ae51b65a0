package org.einscale.experiments.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import org.einscale.experiments.UserError;

/** Says where a setting was written: {@code quickstart.conf:12}, or the option that set it. */
final class Place {
    private Place() {
    }

    static String of(ConfigValue value) {
        return of(value.origin());
    }

    static String of(ConfigOrigin origin) {
        String line = origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "";
        if (origin.filename() != null) {
            return origin.filename() + line;
        }
        if (origin.description().startsWith(ExperimentFile.OPTION)) {
            return origin.description().replaceFirst(": \\d+$", "");
        }
        return origin.description().replaceFirst(": (\\d+)$", ":$1");
    }

    /** The error for a value that cannot be what its key asks for. */
    static UserError wrong(String path, ConfigValue value, String expected) {
        return new UserError("%s at %s: expected %s, found %s".formatted(path, of(value), expected, found(value)));
    }

    private static String found(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section { ... }";
            case LIST -> "a list [ ... ]";
            case NULL -> "null";
            case NUMBER, BOOLEAN, STRING -> value.render();
        };
    }
}
