package org.einscale.experiments.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Nearest;
import org.jspecify.annotations.Nullable;

/**
 * The sizes in {@code model.axes}: whole numbers, or products and quotients of sizes and whole numbers, evaluated from
 * left to right, as {@code "d / h"} or {@code "8 d / 3"}. Each must come out whole, at least 1.
 */
final class AxisSizes {
    private static final Pattern TOKEN = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*|\\d+|[*/])");
    private static final String EXPECTED = "a whole number of at least 1, or sizes multiplied and divided as \"8 d / 3\"";

    private final ConfigObject axes;
    private final String path;
    private final Map<String, Integer> known = new LinkedHashMap<>();
    private final Set<String> open = new LinkedHashSet<>();

    private AxisSizes(ConfigObject axes, String path) {
        this.axes = axes;
        this.path = path;
    }

    /** The size of each axis, sorted by name. */
    static Map<String, Integer> of(ConfigObject axes, String path) {
        AxisSizes sizes = new AxisSizes(axes, path);
        Map<String, Integer> sorted = new LinkedHashMap<>();
        axes.keySet().stream().sorted().forEach(name -> sorted.put(name, sizes.size(name)));
        return sorted;
    }

    private int size(String name) {
        @Nullable
        Integer size = known.get(name);
        if (size != null) {
            return size;
        }
        ConfigValue value = java.util.Objects.requireNonNull(axes.get(name));
        if (!open.add(name)) {
            throw error(name, value, "is defined by itself: " + String.join(" -> ", open) + " -> " + name);
        }
        int computed = evaluate(name, value);
        open.remove(name);
        known.put(name, computed);
        return computed;
    }

    private int evaluate(String name, ConfigValue value) {
        if (value.valueType() != ConfigValueType.NUMBER && value.valueType() != ConfigValueType.STRING) {
            throw Place.wrong(path + "." + name, value, EXPECTED);
        }
        String text = value.unwrapped().toString();
        long product = 1;
        boolean divide = false;
        boolean factorNext = true;
        for (String token : tokens(name, value, text)) {
            if (token.equals("*") || token.equals("/")) {
                if (factorNext) {
                    throw Place.wrong(path + "." + name, value, EXPECTED);
                }
                divide = token.equals("/");
                factorNext = true;
            } else {
                product = apply(name, value, product, divide, factor(name, value, token));
                divide = false;
                factorNext = false;
            }
        }
        if (factorNext || product < 1) {
            throw Place.wrong(path + "." + name, value, EXPECTED);
        }
        return (int) product;
    }

    private List<String> tokens(String name, ConfigValue value, String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.lookingAt()) {
            tokens.add(matcher.group(1));
            end = matcher.end();
            matcher.region(end, text.length());
        }
        if (!text.substring(end).isBlank()) {
            throw Place.wrong(path + "." + name, value, EXPECTED);
        }
        return tokens;
    }

    private long factor(String name, ConfigValue value, String token) {
        if (Character.isDigit(token.charAt(0))) {
            return token.length() > 9 ? Integer.MAX_VALUE + 1L : Long.parseLong(token);
        }
        if (!axes.containsKey(token)) {
            throw error(name, value, "unknown axis '" + token + "'"
                    + Nearest.to(token, axes.keySet()).map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
        return size(token);
    }

    private long apply(String name, ConfigValue value, long product, boolean divide, long factor) {
        if (divide && (factor == 0 || product % factor != 0)) {
            throw error(name, value, "%s: %d is not divisible by %d".formatted(value.unwrapped(), product, factor));
        }
        long result = divide ? product / factor : product * factor;
        if (result > Integer.MAX_VALUE) {
            throw error(name, value, value.unwrapped() + " is more than " + Integer.MAX_VALUE);
        }
        return result;
    }

    private UserError error(String name, ConfigValue value, String message) {
        return new UserError("%s.%s at %s: %s".formatted(path, name, Place.of(value), message));
    }
}
