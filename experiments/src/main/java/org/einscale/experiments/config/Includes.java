package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.experiments.Failure;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.SettingError;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file with all that it includes. {@code include "name"} and {@code include file("name")}, with or without
 * {@code required}, mean one thing: the file of that name, or of that name with {@code .conf} or {@code .json}, in the
 * folder of the file that includes it. What is not there is an error; so is anything else than a file.
 */
final class Includes implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    private static final List<String> ENDINGS = List.of("", ".conf", ".json");

    /** What is read first, for messages. */
    private final String origin;
    /** The files being read, each included by the one before. */
    private final List<Path> chain;

    private Includes(String origin, List<Path> chain) {
        this.origin = origin;
        this.chain = chain;
    }

    /**
     * Parses a file, without resolving its substitutions.
     *
     * @throws UserError if it, or a file that it includes, cannot be read or sets something twice
     */
    static Config read(Path file) {
        return new Includes(file.toString(), List.of()).parse(file);
    }

    /** Options for a text that is no file: what it includes counts from the folder that einscale is started in. */
    static ConfigParseOptions ofText(String origin) {
        return ConfigParseOptions.defaults().setOriginDescription(origin).setIncluder(new Includes(origin, List.of()));
    }

    private Config parse(Path file) {
        List<Path> deeper = new ArrayList<>(chain);
        deeper.add(file);
        ConfigParseOptions options = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false)
                .setIncluder(new Includes(origin, deeper));
        try {
            String text = Files.readString(file);
            Config config = ConfigFactory.parseFile(file.toFile(), options);
            SetTwice.check(file, text, config.root());
            return config;
        } catch (MalformedInputException notText) {
            throw new UserError(file + ": is not text in UTF-8", notText);
        } catch (IOException unreadable) {
            throw new UserError("cannot read " + Failure.describe(unreadable), unreadable);
        } catch (ConfigException malformed) {
            throw new UserError(ExperimentFile.oneLine(malformed), malformed);
        }
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
        Path folder = chain.isEmpty() ? Path.of("") : chain.getLast().toAbsolutePath().getParent();
        for (String ending : ENDINGS) {
            Path file = chain.isEmpty() ? Path.of(name + ending) : chain.getLast().resolveSibling(name + ending);
            if (Files.isRegularFile(file)) {
                return parse(once(file, name)).root();
            }
        }
        throw wrong(name, "no such file in %s%s".formatted(folder == null ? "/" : folder.toAbsolutePath(),
                nearest(name, folder)));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
        return include(context, file.getPath());
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
        throw wrong(url.toString(), "only files can be included");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String name) {
        throw wrong(name, "only files can be included, not the class path");
    }

    private Path once(Path file, String name) {
        Path absolute = file.toAbsolutePath().normalize();
        if (chain.stream().anyMatch(open -> open.toAbsolutePath().normalize().equals(absolute))) {
            throw wrong(name, "the file includes itself");
        }
        return file;
    }

    /** The file of the folder whose name, endings aside, is nearest, of those that can be included. */
    private String nearest(String name, @Nullable Path folder) {
        if (folder == null || name.contains("/")) {
            return "";
        }
        try (Stream<Path> all = Files.list(folder.toAbsolutePath())) {
            SortedMap<String, List<Path>> files = all.filter(Files::isRegularFile).sorted().collect(Collectors
                    .groupingBy(file -> stem(file.getFileName().toString()), TreeMap::new, Collectors.toList()));
            Function<String, Optional<Path>> included = stem -> files.getOrDefault(stem, List.of()).stream()
                    .filter(this::canBeIncluded).findFirst();
            return Nearest.to(stem(name), files.keySet(), near -> included.apply(near).isPresent()).flatMap(included)
                    .map(file -> "; did you mean \"" + file.getFileName() + "\"?").orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }

    private boolean canBeIncluded(Path file) {
        try {
            parse(once(file, file.toString()));
            return true;
        } catch (UserError | SettingError refused) {
            return false;
        }
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private UserError wrong(String name, String problem) {
        String place = chain.isEmpty() ? origin : chain.getLast() + line(chain.getLast(), name);
        return new UserError("%s: include \"%s\": %s".formatted(place, name, problem));
    }

    /** Where the file includes the name; the parser does not say. */
    private static String line(Path file, String name) {
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).contains("include") && lines.get(i).contains('"' + name + '"')) {
                    return ":" + (i + 1);
                }
            }
            return "";
        } catch (IOException unreadable) {
            return "";
        }
    }
}
