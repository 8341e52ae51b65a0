package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.experiments.UserError;
import org.einscale.trainer.config.SettingError;

/** Reads experiment files. Every problem is one line that names the place and the key, a {@link SettingError} or a {@link UserError}. */
public final class ExperimentFile {
    private ExperimentFile() {
    }

    /**
     * Reads a file over the defaults of {@code reference.conf}.
     *
     * @param overrides each {@code path=value}, put over the file in this order
     */
    public static Experiment read(Path file, List<String> overrides) {
        if (!Files.isRegularFile(file)) {
            throw new UserError(Files.isDirectory(file)
                    ? file + ": expected an experiment's file, found a folder"
                    : file + ": no such file");
        }
        return of(baseName(file), List.of(reference(), Includes.read(file)), overrides);
    }

    /**
     * The defaults of {@code reference.conf} alone.
     *
     * @param overrides as of {@link #read}
     */
    public static Experiment defaults(List<String> overrides) {
        return of("reference", List.of(reference()), overrides);
    }

    /**
     * The settings that a run has resolved and recorded.
     *
     * @param text in HOCON
     */
    public static Settings recorded(String text) {
        return SettingsReader.read(ConfigFactory.parseString(text).withFallback(reference()).resolve());
    }

    private static Experiment of(String name, List<Config> files, List<String> overrides) {
        List<Config> layers = new ArrayList<>(files);
        overrides.stream().map(ExperimentFile::override).forEach(layers::add);
        Config resolved = resolved(layers);
        List<Config> alone = layers.stream().map(layer -> Overlay.alone(layer, merged(layers))).toList();
        KnownKeys knownKeys = new KnownKeys(layers.getFirst().root());
        knownKeys.check(resolved.root(), alone);
        Settings settings = SettingsReader.read(resolved);
        SequencedMap<String, Config> trials = new Ladder(resolved, knownKeys).trials();
        List<Config> places = new ArrayList<>(alone.subList(0, files.size()));
        places.add(merged(alone.subList(files.size(), alone.size())));
        Config read = IgnoredKeys.without(resolved, places, List.copyOf(trials.values()));
        return new Experiment(name, read, List.copyOf(overrides), settings, trials.entrySet().stream()
                .map(trial -> new Rung(trial.getKey(), trial.getValue(), SettingsReader.read(trial.getValue())))
                .toList());
    }

    private static Config merged(List<Config> layers) {
        return layers.stream().reduce(ConfigFactory.empty(), (lower, upper) -> upper.withFallback(lower));
    }

    /** The layers, each over the one before it, with what their substitutions stand for in the whole. */
    static Config resolved(List<Config> layers) {
        Config whole = merged(layers);
        try {
            Config layered = layers.getFirst();
            for (Config layer : layers.subList(1, layers.size())) {
                layered = Overlay.over(layer, layered, whole);
            }
            return layered.resolve();
        } catch (ConfigException.UnresolvedSubstitution nothing) {
            throw Substitutions.unresolved(nothing, layers);
        } catch (ConfigException malformed) {
            throw new UserError(oneLine(malformed), malformed);
        }
    }

    /** The defaults alone. */
    static Config reference() {
        InputStream file = Objects.requireNonNull(ExperimentFile.class.getResourceAsStream("/reference.conf"));
        try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            return ConfigFactory.parseReader(reader,
                    ConfigParseOptions.defaults().setOriginDescription("reference.conf"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The value is HOCON where it can be read as such, and plain text where not, as for {@code path=C:\texts}. */
    static Config override(String option) {
        int equals = option.indexOf('=');
        if (equals < 1) {
            throw new UserError(
                    SettingError.OPTION + option + ": expected path=value, for example -S training.batch=16");
        }
        String origin = SettingError.OPTION + option;
        String text = option.substring(equals + 1);
        List<String> path;
        try {
            path = ConfigUtil.splitPath(option.substring(0, equals).strip());
        } catch (ConfigException badPath) {
            throw new UserError(origin + ": '" + option.substring(0, equals) + "' is no path of a setting", badPath);
        }
        return value(text, origin).atPath(ConfigUtil.joinPath(path));
    }

    private static ConfigValue value(String text, String origin) {
        ConfigValue plain = ConfigValueFactory.fromAnyRef(text, origin);
        if (text.isBlank() || isCommentInHocon(text)) {
            return plain;
        }
        try {
            ConfigObject parsed = ConfigFactory.parseString("value = " + text, Includes.ofText(origin)).root();
            return parsed.getOrDefault("value", plain).withOrigin(plain.origin());
        } catch (ConfigException notHocon) {
            return plain;
        }
    }

    /** Whether HOCON would drop a part of the text. */
    private static boolean isCommentInHocon(String text) {
        return !text.startsWith("\"") && (text.contains("//") || text.contains("#"));
    }

    private static String baseName(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    static String oneLine(ConfigException problem) {
        return String.valueOf(problem.getMessage()).replaceAll("\\s*\\R\\s*", " ").replaceFirst(": (\\d+): ", ":$1: ");
    }
}
