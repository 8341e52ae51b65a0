package org.einscale.trainer.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.einscale.tensor.Decimal;
import org.einscale.tensor.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * One section of the settings, read by key. Every reader refuses a value that is missing, of the wrong type or outside its
 * range with a {@link SettingError}.
 */
public final class Section {
    private final ConfigObject object;
    private final String path;
    private final Set<String> asked = new HashSet<>();

    private Section(ConfigObject object, String path) {
        this.object = object;
        this.path = path;
    }

    /** The whole of the settings. */
    public static Section root(Config config) {
        return new Section(config.root(), "");
    }

    /** A part of the settings that stands at a path. */
    public static Section at(String path, Config config) {
        return new Section(config.root(), path);
    }

    public Config toConfig() {
        return object.toConfig();
    }

    public Set<String> keys() {
        return object.keySet();
    }

    /**
     * Refuses keys that are not known, naming the nearest that is not set yet and takes the value.
     *
     * @param reading reads this section, or throws a {@link SettingError} for a value that it does not take
     */
    public void allow(Collection<String> known, Consumer<Section> reading) {
        for (var entry : object.entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                throw SettingError.unknown(entry.getValue(), pathOf(key),
                        Nearest.to(key, known, near -> !object.containsKey(near)
                                && SettingError.accepts(pathOf(near), () -> reading.accept(renamed(key, near))))
                                .map(this::pathOf));
            }
        }
    }

    private Section renamed(String key, String other) {
        return new Section(object.withoutKey(key).withValue(other, value(key)), path);
    }

    /** Keys that nothing has asked for yet, so that setting them has had no effect. */
    public Set<String> unread() {
        Set<String> unread = new TreeSet<>(object.keySet());
        unread.removeAll(asked);
        return unread;
    }

    /** Whether the key has a value, and that is not null. */
    public boolean has(String key) {
        asked.add(key);
        @Nullable
        ConfigValue value = object.get(key);
        return value != null && value.valueType() != ConfigValueType.NULL;
    }

    /** Whether the value is this text. */
    public boolean isText(String key, String text) {
        return text.equals(value(key).unwrapped());
    }

    public String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The value, of whatever type. */
    public ConfigValue value(String key) {
        return value(key, "a value");
    }

    private ConfigValue value(String key, String expected) {
        asked.add(key);
        @Nullable
        ConfigValue value = object.get(key);
        if (value == null) {
            throw new SettingError(object, pathOf(key), "missing; expected " + expected);
        }
        return value;
    }

    public Section section(String key) {
        if (value(key, "a section { ... }") instanceof ConfigObject child) {
            return new Section(child, pathOf(key));
        }
        throw wrong(key, "a section { ... }");
    }

    public ConfigList list(String key) {
        if (value(key, "a list [ ... ]") instanceof ConfigList list) {
            return list;
        }
        throw wrong(key, "a list [ ... ]");
    }

    public long whole(String key, long least) {
        String expected = "a whole number of at least " + least;
        double number = number(key, expected);
        if (number != Math.rint(number) || Math.abs(number) > 1L << 53 || number < least) {
            throw wrong(key, expected);
        }
        return (long) number;
    }

    /** A whole number that an int holds. */
    public int count(String key, int least) {
        long number = whole(key, least);
        if (number > Integer.MAX_VALUE) {
            throw wrong(key, "a whole number of at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    public OptionalLong wholeOrNull(String key, long least) {
        return has(key) ? OptionalLong.of(whole(key, least)) : OptionalLong.empty();
    }

    public double number(String key, Range range) {
        String expected = "a number " + range;
        double number = number(key, expected);
        if (!range.contains(number)) {
            throw wrong(key, expected);
        }
        return number;
    }

    /** A list of numbers, which may be empty. */
    public List<Double> numbers(String key, Range range) {
        String expected = "a list of numbers " + range;
        List<Double> numbers = new ArrayList<>();
        for (String text : texts(key)) {
            numbers.add(Decimal.of(text).stream().boxed().filter(range::contains).findFirst()
                    .orElseThrow(() -> wrong(key, expected)));
        }
        return numbers;
    }

    /** Numbers in quotes count, as HOCON makes such of concatenated substitutions; Java's 1d, 0x1p3 and NaN do not. */
    private double number(String key, String expected) {
        Object value = value(key, expected).unwrapped();
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        OptionalDouble number = value instanceof String text ? Decimal.of(text) : OptionalDouble.empty();
        return number.orElseThrow(() -> wrong(key, expected));
    }

    public boolean flag(String key) {
        return switch (String.valueOf(value(key, "true or false").unwrapped())) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "true or false");
        };
    }

    public String text(String key) {
        return text(value(key, "a text"), key, "a text");
    }

    private String text(ConfigValue value, String key, String expected) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> value.unwrapped().toString();
            case LIST, OBJECT, NULL -> throw SettingError.wrong(value, pathOf(key), expected);
        };
    }

    /** A text, or a list of texts. */
    public List<String> textOrTexts(String key) {
        return value(key, "a text or a list of texts").valueType() == ConfigValueType.LIST
                ? texts(key)
                : List.of(text(key));
    }

    /** All texts in the section and in sections of it, by their keys joined with dots, which they are sorted by. */
    public SortedMap<String, String> allTexts() {
        SortedMap<String, String> texts = new TreeMap<>();
        object.keySet().forEach(key -> {
            if (value(key) instanceof ConfigObject) {
                section(key).allTexts().forEach((name, text) -> texts.put(key + "." + name, text));
            } else {
                texts.put(key, text(key));
            }
        });
        return texts;
    }

    /** A list of texts, which may be empty. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (ConfigValue element : list(key)) {
            texts.add(text(element, key, "a list of texts"));
        }
        return texts;
    }

    /** What a constant is called in settings: its name in lower case, with dashes. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A constant by its {@link #word}. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        List<String> names = constants.stream().map(Section::word).toList();
        return constants.get(names.indexOf(choice(key, names)));
    }

    /** One of the texts. */
    public String choice(String key, List<String> known) {
        String expected = SettingError.oneOf(known);
        String found = String.valueOf(value(key, expected).unwrapped());
        if (!known.contains(found)) {
            throw new SettingError(value(key), pathOf(key), "expected %s, found %s%s".formatted(expected,
                    SettingError.found(value(key)), SettingError.hint(found, known)));
        }
        return found;
    }

    /** Makes something of a key's value; what is wrong with that is said of the key. */
    public <T> T reading(String key, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (SettingError placed) {
            throw placed;
        } catch (IllegalArgumentException e) {
            throw error(key, String.valueOf(e.getMessage()));
        }
    }

    /** The error for a value that cannot be used. */
    public SettingError error(String key, String problem) {
        return new SettingError(value(key), pathOf(key), problem);
    }

    private SettingError wrong(String key, String expected) {
        return SettingError.wrong(value(key), pathOf(key), expected);
    }
}
