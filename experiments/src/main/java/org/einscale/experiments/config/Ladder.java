package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.table.Where;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/**
 * The trials of a sweep: every entry of {@code sweep.sizes} with every combination of its own grid, zip and random draws and
 * those of the sweep, but for the combinations that {@code sweep.exclude} leaves out.
 */
final class Ladder {
    static final String NAME = "name";
    private static final String PATH = "sweep";
    private static final String SIZES = "sizes";
    private static final String EXCLUDE = "exclude";
    private static final String LIMIT = "limit";
    private static final int LONGEST_NUMBER = 7;

    private final Config base;
    private final KnownKeys knownKeys;
    private final Section sweep;
    private final int limit;
    private final long seed;
    private final SequencedMap<String, Config> trials = new LinkedHashMap<>();
    private int excluded;

    Ladder(Config base, KnownKeys knownKeys) {
        this.base = base;
        this.knownKeys = knownKeys;
        this.sweep = Section.root(base).section(PATH);
        this.limit = sweep.count(LIMIT, 1);
        this.seed = Section.root(base).whole("seed", 0);
    }

    /** Entries that share what varies, and what that is. */
    private record Part(ConfigObject entry, String path, List<Factor> factors) {
        double count() {
            return factors.stream().mapToDouble(factor -> factor.alternatives().size()).reduce(1, (a, b) -> a * b);
        }
    }

    /** The settings of each trial by its name, in the order of the entries, what is named last varying fastest. */
    SequencedMap<String, Config> trials() {
        List<Part> parts = parts();
        double count = parts.stream().mapToDouble(Part::count).sum();
        if (count > limit) {
            throw new SettingError(most(parts), PATH,
                    String.format(Locale.ROOT, "%,.0f trials, of which one may be %s; expected at most %,d, the setting"
                            + " sweep.limit", count, example(parts), limit));
        }
        Predicate<Config> out = exclusion();
        for (Part part : parts) {
            for (ConfigObject combination : combinations(part)) {
                add(part, combination, out);
            }
        }
        if (trials.isEmpty() && excluded > 0) {
            throw sweep.error(EXCLUDE, "leaves none of the " + excluded + " trials");
        }
        return trials;
    }

    private List<Part> parts() {
        List<Factor> shared = factors(sweep.toConfig().root(), PATH);
        ConfigList entries = sweep.list(SIZES);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String path = PATH + "." + SIZES + "[" + i + "]";
            if (!(entries.get(i) instanceof ConfigObject entry)) {
                throw SettingError.wrong(entries.get(i), path, "a section such as { d = 64, layers = 4 }");
            }
            if (entry.isEmpty()) {
                throw new SettingError(entry, path,
                        "expected what this trial sets, such as { d = 64, layers = 4 }, found { }");
            }
            List<Factor> factors = Stream.concat(factors(entry, path).stream(), shared.stream()).toList();
            parts.add(new Part(without(entry, Factor.KINDS), path, factors));
        }
        if (parts.isEmpty() && !shared.isEmpty()) {
            parts.add(new Part(ConfigFactory.empty().root(), PATH, shared));
        }
        return parts;
    }

    private static ConfigObject without(ConfigObject entry, Iterable<String> keys) {
        ConfigObject rest = entry;
        for (String key : keys) {
            rest = rest.withoutKey(key);
        }
        return rest;
    }

    private List<Factor> factors(ConfigObject section, String path) {
        List<Factor> factors = Factor.in(section, path, limit, seed);
        factors.forEach(
                factor -> new Entry(factor.alternatives().getFirst(), factor.path(), base).check());
        return factors;
    }

    /** What makes the number of trials large. */
    private ConfigValue most(List<Part> parts) {
        return parts.stream().flatMap(part -> part.factors.stream()).map(Factor::alternatives)
                .max(Comparator.comparingInt(List::size)).<ConfigValue>map(List::getFirst).orElse(sweep.value(SIZES));
    }

    private static String example(List<Part> parts) {
        Part part = parts.getFirst();
        return name(part, part.factors.stream().map(factor -> factor.alternatives().getFirst())
                .reduce(ConfigFactory.empty().root(), (all, more) -> all.withFallback(more)));
    }

    private static List<ConfigObject> combinations(Part part) {
        List<ConfigObject> all = List.of(ConfigFactory.empty().root());
        for (Factor factor : part.factors) {
            all = all.stream()
                    .flatMap(first -> factor.alternatives().stream().map(next -> joined(first, next, factor.path())))
                    .toList();
        }
        return all;
    }

    private static ConfigObject joined(ConfigObject first, ConfigObject next, String path) {
        next.toConfig().entrySet().stream().filter(setting -> first.toConfig().hasPath(setting.getKey())).findFirst()
                .ifPresent(twice -> {
                    throw new SettingError(twice.getValue(), path + "." + twice.getKey(),
                            "is set a second time in the trial " + word(twice.getKey(),
                                    first.toConfig().getValue(twice.getKey())) + "; keep one of the two");
                });
        return next.withFallback(first);
    }

    private void add(Part part, ConfigObject combination, Predicate<Config> out) {
        String name = name(part, combination);
        Entry entry = new Entry(joined(part.entry.withoutKey(NAME), combination, part.path), part.path, base);
        if (out.test(Overlay.over(entry.overrides(), base))) {
            excluded++;
        } else if (trials.put(name, entry.settings(knownKeys)) != null) {
            throw new SettingError(part.entry, part.path,
                    "a second trial named '" + name + "'; give one of them another `name`");
        }
    }

    /** Which settings are those of a trial to leave out. */
    private Predicate<Config> exclusion() {
        String text = sweep.text(EXCLUDE);
        if (text.isBlank()) {
            return settings -> false;
        }
        Where where;
        try {
            where = Where.of(text);
        } catch (ScalingException malformed) {
            throw sweep.error(EXCLUDE, String.valueOf(malformed.getMessage()));
        }
        Map<String, String> paths = where.columns().stream().distinct()
                .collect(Collectors.toMap(name -> name, this::path));
        return settings -> where.holds(name -> cell(settings, Objects.requireNonNull(paths.get(name))));
    }

    private static String cell(Config settings, String path) {
        return settings.hasPath(path) ? String.valueOf(settings.getAnyRef(path)) : "";
    }

    private String path(String name) {
        List<String> keys = ConfigUtil.splitPath(name);
        Optional<String> start = Entry.meaning(keys.getFirst(), base);
        List<String> rest = keys.subList(1, keys.size());
        return start.map(path -> rest.isEmpty() ? path : path + "." + ConfigUtil.joinPath(rest))
                .filter(base::hasPathOrNull)
                .orElseThrow(() -> sweep.error(EXCLUDE, "'" + name + "' is no setting of a trial"
                        + Nearest.to(name, Entry.names(base)).map(near -> "; did you mean " + near + "?").orElse("")));
    }

    private static String name(Part part, ConfigObject combination) {
        boolean named = part.entry.containsKey(NAME);
        return Stream.of(named ? checkedName(part.entry, part.path) : defaultName(part.entry), defaultName(combination))
                .filter(word -> !word.isEmpty()).collect(Collectors.joining("-"));
    }

    /** The name that an entry gives. */
    static String checkedName(ConfigObject entry, String path) {
        ConfigValue given = Objects.requireNonNull(entry.get(NAME));
        String name = String.valueOf(given.unwrapped());
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw SettingError.wrong(given, path + "." + NAME, "letters, digits, dots, dashes and underscores");
        }
        return name;
    }

    /** What an entry sets, in one word: {@code d32-h2-layers2}. */
    private static String defaultName(ConfigObject entry) {
        return entry.toConfig().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(setting -> word(setting.getKey(), setting.getValue())).collect(Collectors.joining("-"));
    }

    private static String word(String key, ConfigValue value) {
        String text = String.valueOf(value.unwrapped());
        if (value.valueType() == ConfigValueType.NUMBER) {
            BigDecimal number = new BigDecimal(text).stripTrailingZeros();
            String plain = number.toPlainString();
            text = plain.length() <= LONGEST_NUMBER
                    ? plain
                    : number.toString().toLowerCase(Locale.ROOT).replace("+", "");
        }
        return (key + text).replaceAll("[^A-Za-z0-9._-]", "");
    }
}
