package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Decimal;
import org.jspecify.annotations.Nullable;

/**
 * One section of the settings, read by key. Every reader refuses a value of the wrong type or outside its range with
 * the key's path, its place in the file, what was expected and what was found. The keys themselves are known to exist:
 * {@link KnownKeys} has compared the file with the reference.
 */
final class Section {
    private final ConfigObject object;
    private final String path;

    Section(ConfigObject object, String path) {
        this.object = object;
        this.path = path;
    }

    static Section root(Config config) {
        return new Section(config.root(), "");
    }

    Config toConfig() {
        return object.toConfig();
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    ConfigValue value(String key) {
        @Nullable
        ConfigValue value = object.get(key);
        if (value == null) {
            throw new IllegalStateException(pathOf(key) + " is missing from reference.conf");
        }
        return value;
    }

    Section section(String key) {
        return new Section(objectAt(key), pathOf(key));
    }

    ConfigObject objectAt(String key) {
        if (value(key) instanceof ConfigObject child) {
            return child;
        }
        throw Place.wrong(pathOf(key), value(key), "a section { ... }");
    }

    ConfigList listAt(String key) {
        if (value(key) instanceof ConfigList list) {
            return list;
        }
        throw Place.wrong(pathOf(key), value(key), "a list [ ... ]");
    }

    long whole(String key, long least) {
        String expected = "a whole number of at least " + least;
        double number = number(value(key), pathOf(key), expected);
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53 || number < least) {
            throw Place.wrong(pathOf(key), value(key), expected);
        }
        return (long) number;
    }

    int count(String key, int least) {
        long number = whole(key, least);
        if (number > Integer.MAX_VALUE) {
            throw Place.wrong(pathOf(key), value(key), "a whole number of at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    OptionalLong wholeOrNull(String key, long least) {
        return value(key).valueType() == ConfigValueType.NULL
                ? OptionalLong.empty()
                : OptionalLong.of(whole(key, least));
    }

    double number(String key, Range range) {
        String expected = "a number " + range;
        double number = number(value(key), pathOf(key), expected);
        if (!range.contains(number)) {
            throw Place.wrong(pathOf(key), value(key), expected);
        }
        return number;
    }

    /** Numbers in quotes count, as HOCON makes such of concatenated substitutions; Java's 1d, 0x1p3 and NaN do not. */
    private static double number(ConfigValue value, String path, String expected) {
        if (value.unwrapped() instanceof Number number) {
            return number.doubleValue();
        }
        OptionalDouble number = value.unwrapped() instanceof String text ? Decimal.of(text) : OptionalDouble.empty();
        return number.orElseThrow(() -> Place.wrong(path, value, expected));
    }

    boolean flag(String key) {
        return switch (String.valueOf(value(key).unwrapped())) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Place.wrong(pathOf(key), value(key), "true or false");
        };
    }

    String text(String key) {
        return text(value(key), pathOf(key), "a text");
    }

    private static String text(ConfigValue value, String path, String expected) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> value.unwrapped().toString();
            case LIST, OBJECT, NULL -> throw Place.wrong(path, value, expected);
        };
    }

    /** At least one text. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (ConfigValue element : listAt(key)) {
            texts.add(text(element, pathOf(key), "a list of texts"));
        }
        if (texts.isEmpty()) {
            throw new UserError("%s at %s: expected at least one, found none".formatted(pathOf(key),
                    Place.of(value(key))));
        }
        return texts;
    }

    /** A constant by its name in lower case. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        E[] constants = type.getEnumConstants();
        String written = String.valueOf(value(key).unwrapped());
        for (E constant : constants) {
            if (nameOf(constant).equals(written)) {
                return constant;
            }
        }
        String names = Arrays.stream(constants).map(Section::nameOf).collect(Collectors.joining(" or "));
        throw Place.wrong(pathOf(key), value(key), names);
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
