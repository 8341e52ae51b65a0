package org.einscale.experiments.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.parser.ConfigDocument;
import com.typesafe.config.parser.ConfigDocumentFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.einscale.experiments.UserError;

/**
 * Refuses a file that sets one key twice, of which HOCON would silently take the later. A substitution may come second, as
 * in {@code seed = 1, seed = ${?SEED}}, and a file may set what it includes.
 */
final class SetTwice {
    private static final String HERE = "\"\u2060here\u2060\"";

    private final ConfigDocument document;
    private final String text;

    private SetTwice(ConfigDocument document) {
        this.document = document;
        this.text = document.render();
    }

    /**
     * @param text of the file
     * @param parsed the same, not resolved
     */
    static void check(String text, ConfigObject parsed) {
        new SetTwice(ConfigDocumentFactory.parseString(text,
                ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF))).check(parsed, List.of());
    }

    private void check(ConfigObject section, List<String> path) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            List<String> at = new ArrayList<>(path);
            at.add(entry.getKey());
            String key = ConfigUtil.joinPath(at);
            if (!Substitutions.isResolved(entry.getValue())) {
                continue;
            }
            if (entry.getValue() instanceof ConfigObject child) {
                check(child, at);
            } else if (document.hasPath(key) && isSetTwice(key)) {
                throw new UserError("%s at %s: is set a second time in this file; keep one of the two".formatted(key,
                        Place.of(entry.getValue())));
            }
        }
    }

    /** Whether setting the key anew replaces more than the text of one value: with the last, the earlier ones go. */
    private boolean isSetTwice(String key) {
        String[] around = document.withValueText(key, HERE).render().split(HERE, 2);
        int end = text.length() - around[1].length();
        return end < around[0].length() || !text.startsWith(around[0]) || !text.endsWith(around[1])
                || !isOneValue(text.substring(around[0].length(), end));
    }

    private static boolean isOneValue(String text) {
        try {
            return ConfigFactory.parseString(HERE + " = " + text).root().size() == 1;
        } catch (ConfigException more) {
            return false;
        }
    }
}
