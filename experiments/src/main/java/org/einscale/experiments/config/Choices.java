package org.einscale.experiments.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/**
 * The values that one setting takes in a sweep: a list of them, or a range, {@code { range = [0, 0.2], count = 3 }} or
 * {@code { log-range = [1e-4, 1e-2], count = 5, multiple-of = 1 }}.
 *
 * @param path of the setting in the sweep, for messages
 * @param values the list or the range
 */
record Choices(String path, ConfigValue values) {
    private static final String LINEAR = "range";
    private static final String GEOMETRIC = "log-range";
    private static final String COUNT = "count";
    private static final String MULTIPLE = "multiple-of";
    /** Values of a range have as many digits. */
    private static final MathContext DIGITS = new MathContext(4);

    /** Whether this says values, and is no section that holds settings. */
    static boolean isSaidBy(ConfigValue value) {
        return !(value instanceof ConfigObject section) || section.containsKey(LINEAR)
                || section.containsKey(GEOMETRIC);
    }

    /**
     * All values, in order.
     *
     * @param most how many are sensible
     * @throws SettingError if there is none, or one twice
     */
    List<ConfigValue> all(int most) {
        if (values instanceof ConfigList list) {
            return distinct(list);
        }
        Section range = range(Set.of(LINEAR, GEOMETRIC, COUNT, MULTIPLE));
        int count = range.count(COUNT, 2);
        if (count > most) {
            throw range.error(COUNT, "expected at most " + most + ", the setting sweep.limit, found " + count);
        }
        return distinct(IntStream.range(0, count).mapToObj(i -> at(i / (count - 1.0), range)).toList());
    }

    /** The value at a place between 0 and 1, 1 not included. */
    ConfigValue drawn(double place) {
        return values instanceof ConfigList list
                ? distinct(list).get((int) (place * list.size()))
                : at(place, range(Set.of(LINEAR, GEOMETRIC, MULTIPLE)));
    }

    private List<ConfigValue> distinct(List<ConfigValue> all) {
        if (all.isEmpty()) {
            throw new SettingError(values, path, "expected at least one value, found none");
        }
        Set<Object> seen = new LinkedHashSet<>();
        for (ConfigValue value : all) {
            if (!seen.add(value.unwrapped())) {
                throw new SettingError(values, path, "has " + value.render() + " twice; each value makes trials once");
            }
        }
        return all;
    }

    private Section range(Set<String> known) {
        if (!(values instanceof ConfigObject section)
                || section.containsKey(LINEAR) == section.containsKey(GEOMETRIC)) {
            throw SettingError.wrong(values, path,
                    "a list of values, or one range such as { log-range = [1e-4, 1e-2]%s }"
                            .formatted(known.contains(COUNT) ? ", count = 5" : ""));
        }
        Section range = Section.at(path, section.toConfig());
        range.allow(known, _ -> {
        });
        return range;
    }

    private ConfigValue at(double place, Section range) {
        boolean geometric = range.has(GEOMETRIC);
        List<Double> ends = range.numbers(geometric ? GEOMETRIC : LINEAR,
                geometric ? Range.above(0) : Range.atLeast(0));
        if (ends.size() != 2 || ends.getFirst() >= ends.getLast()) {
            throw range.error(geometric ? GEOMETRIC : LINEAR, "expected [low, high], the lower first");
        }
        double low = ends.getFirst();
        double high = ends.getLast();
        double value = geometric ? low * Math.pow(high / low, place) : low + place * (high - low);
        BigDecimal rounded = new BigDecimal(value, DIGITS);
        if (range.has(MULTIPLE)) {
            double unit = range.number(MULTIPLE, Range.above(0));
            rounded = new BigDecimal(Math.max(1, Math.rint(value / unit)) * unit, MathContext.DECIMAL64);
        }
        return ConfigValueFactory.fromAnyRef(number(rounded)).withOrigin(values.origin());
    }

    private static Number number(BigDecimal value) {
        try {
            return value.longValueExact();
        } catch (ArithmeticException fraction) {
            return value.doubleValue();
        }
    }
}
