package org.einscale.experiments.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.parser.ConfigDocument;
import com.typesafe.config.parser.ConfigDocumentFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.trainer.config.SettingError;

/**
 * Refuses a file that sets one key twice, of which HOCON would silently take the later, also within a section of a list. A
 * substitution may come second, as in {@code seed = 1, seed = ${?SEED}}, and a file may set what it includes. Sections that
 * stand side by side, as in {@code ${base} { d = 64 }}, are joined on purpose: each is looked at alone.
 */
final class SetTwice {
    private static final String HERE = "\"\u2060here\u2060\"";
    /** What braces mean nothing within, or else a brace. */
    private static final Pattern SIGN = Pattern.compile(
            "\"\"\".*?\"{3,}|\"(?:\\\\.|[^\"\\\\])*\"|(?:#|//)[^\n]*|\\$\\{[^}]*}|(?<brace>[{}])", Pattern.DOTALL);
    private static final ConfigParseOptions PLAIN = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF)
            .setIncluder(new Nothing());

    private final ConfigDocument document;
    private final String text;
    private final String origin;
    /** What the keys are of, for messages. */
    private final String of;

    private SetTwice(String text, String origin, String of) {
        this.document = ConfigDocumentFactory.parseString(text,
                ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF));
        this.text = document.render();
        this.origin = origin;
        this.of = of;
    }

    /**
     * @param text of the file
     * @param parsed the same, not resolved
     */
    static void check(Path file, String text, ConfigObject parsed) {
        new SetTwice(text, file.toString(), "").check(parsed, List.of());
    }

    private void check(ConfigObject section, List<String> path) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            List<String> at = new ArrayList<>(path);
            at.add(entry.getKey());
            String key = ConfigUtil.joinPath(at);
            ConfigValue value = entry.getValue();
            boolean resolved = Substitutions.isResolved(value);
            if (resolved && value instanceof ConfigObject child) {
                check(child, at);
            } else if (document.hasPath(key)) {
                int[] span = span(key);
                if (resolved && span.length == 0) {
                    throw new SettingError(value, key + of, "is set a second time in this file; keep one of the two");
                }
                if (span.length > 0) {
                    checkSections(span[0], span[1], key);
                }
            }
        }
    }

    /** From where to where the value is written; nothing if setting it anew replaces more: with the last, the earlier ones go. */
    private int[] span(String key) {
        String[] around = document.withValueText(key, HERE).render().split(HERE, 2);
        int start = around[0].length();
        int end = text.length() - around[1].length();
        boolean one = end >= start && text.startsWith(around[0]) && text.endsWith(around[1])
                && isOneValue(text.substring(start, end));
        return one ? new int[]{start, end} : new int[0];
    }

    private static boolean isOneValue(String text) {
        try {
            return ConfigFactory.parseString(HERE + " = " + text, PLAIN).root().size() == 1;
        } catch (ConfigException more) {
            return false;
        }
    }

    /** Checks what stands in the outermost braces of a list. */
    private void checkSections(int from, int to, String key) {
        int depth = 0;
        int start = from;
        for (Matcher sign = SIGN.matcher(text).region(from, to); sign.find();) {
            if ("{".equals(sign.group("brace"))) {
                start = depth == 0 ? sign.end() : start;
                depth++;
            } else if ("}".equals(sign.group("brace"))) {
                depth--;
                if (depth == 0) {
                    checkSection(start, sign.start(), key);
                }
            }
        }
    }

    private void checkSection(int from, int to, String key) {
        String inside = text.substring(0, from).replaceAll("[^\n]", "") + text.substring(from, to);
        ConfigObject section = ConfigFactory.parseString(inside, PLAIN.setOriginDescription(origin)).root();
        new SetTwice(inside, origin, " in " + key + of).check(section, List.of());
    }

    /** Stands in for what is checked when it is included. */
    private static final class Nothing implements ConfigIncluder {
        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            return ConfigFactory.empty().root();
        }
    }
}
