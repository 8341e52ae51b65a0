package org.einscale.experiments.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/**
 * What varies on its own in a sweep.
 *
 * @param path of the section that says so, for messages
 * @param alternatives what is set together, one of them in each trial
 */
record Factor(String path, List<ConfigObject> alternatives) {
    static final String GRID = "grid";
    static final String ZIP = "zip";
    static final String RANDOM = "random";
    /** Sections that vary settings, and are none themselves. */
    static final Set<String> KINDS = Set.of(GRID, ZIP, RANDOM);
    private static final String COUNT = "count";
    /** Draws that repeat earlier ones, for each that is asked for, before there are taken to be too few. */
    private static final int PATIENCE = 100;

    /**
     * The factors of a section that may have a grid, a zip and random draws: one for each setting of the grid, one for the
     * zip, one for the draws.
     *
     * @param most alternatives that are sensible
     * @param seed of the draws
     * @throws SettingError if they make no sense
     */
    static List<Factor> in(ConfigObject section, String path, int most, long seed) {
        List<Factor> factors = new ArrayList<>();
        choices(section, path, GRID).forEach(choices -> factors.add(new Factor(path + "." + GRID,
                choices.choices().all(most).stream().map(choices::set).toList())));
        List<Setting> zipped = choices(section, path, ZIP);
        if (!zipped.isEmpty()) {
            factors.add(zip(zipped, path + "." + ZIP, most));
        }
        if (section.get(RANDOM) instanceof ConfigObject random && !random.isEmpty()) {
            factors.add(random(random, path + "." + RANDOM, most, seed));
        }
        return factors;
    }

    /** A setting and its values. */
    private record Setting(String key, Choices choices) {
        /** A section with one value, and with the place in the file that it has. */
        ConfigObject set(ConfigValue value) {
            return (ConfigObject) ConfigUtil.splitPath(key).reversed().stream().reduce(value,
                    (inside, name) -> ConfigFactory
                            .empty().root().withValue(name, inside).withOrigin(value.origin()),
                    (first, second) -> second);
        }
    }

    private static Factor zip(List<Setting> settings, String path, int most) {
        List<List<ConfigValue>> columns = settings.stream().map(setting -> setting.choices().all(most)).toList();
        if (columns.stream().map(List::size).distinct().count() > 1) {
            throw new SettingError(settings.getFirst().choices().values(), path,
                    "expected as many values of each setting, found " + IntStream.range(0, columns.size())
                            .mapToObj(i -> columns.get(i).size() + " of " + settings.get(i).key())
                            .collect(Collectors.joining(", ")));
        }
        return new Factor(path, IntStream.range(0, columns.getFirst().size())
                .mapToObj(row -> joined(IntStream.range(0, columns.size())
                        .mapToObj(i -> settings.get(i).set(columns.get(i).get(row)))))
                .toList());
    }

    /** Each draw is a pure function of the seed, the setting's name and its index, so more draws leave the first as they are. */
    private static Factor random(ConfigObject random, String path, int most, long seed) {
        int count = Section.at(path, random.toConfig()).count(COUNT, 1);
        if (count > most) {
            throw new SettingError(random.toConfig().getValue(COUNT), path + "." + COUNT,
                    "expected at most " + most + ", the setting sweep.limit, found " + count);
        }
        List<Setting> settings = leaves(random.withoutKey(COUNT), path, "");
        if (settings.isEmpty()) {
            throw new SettingError(random, path, "expected settings to draw, such as learning-rate = { log-range ="
                    + " [1e-4, 1e-2] }, found none");
        }
        Set<ConfigObject> draws = new LinkedHashSet<>();
        for (int i = 0; draws.size() < count; i++) {
            if (i == PATIENCE * count) {
                throw new SettingError(random, path, "expected values of which there are %s different draws, found %s"
                        .formatted(count, draws.size()));
            }
            int index = i;
            draws.add(joined(settings.stream().map(setting -> setting.set(setting.choices()
                    .drawn(Philox.of(seed, path + " " + setting.key()).uniform(index))))));
        }
        return new Factor(path, List.copyOf(draws));
    }

    private static ConfigObject joined(Stream<ConfigObject> settings) {
        return settings.reduce((all, more) -> all.withFallback(more)).orElseThrow();
    }

    private static List<Setting> choices(ConfigObject section, String path, String kind) {
        return section.get(kind) instanceof ConfigObject settings
                ? leaves(settings, path + "." + kind, "")
                : List.of();
    }

    /** In the order of the file. */
    private static List<Setting> leaves(ConfigObject section, String path, String prefix) {
        List<Setting> leaves = new ArrayList<>();
        section.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, ConfigValue> entry) -> entry.getValue().origin()
                        .lineNumber()).thenComparing(Map.Entry::getKey))
                .forEach(entry -> {
                    String key = prefix + ConfigUtil.joinPath(entry.getKey());
                    if (Choices.isSaidBy(entry.getValue())) {
                        leaves.add(new Setting(key, new Choices(path + "." + key, entry.getValue())));
                    } else {
                        leaves.addAll(leaves((ConfigObject) entry.getValue(), path, key + "."));
                    }
                });
        return leaves;
    }
}
