package org.einscale.experiments.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;
import org.einscale.trainer.layer.Parametrization;
import org.einscale.trainer.task.TaskKind;

/**
 * Settings of a section that its {@code kind} does not read, such as the momentum of an optimizer that has none. One that is
 * set is an error, unless the kind is chosen over it, as on the command line over a file: this replaces what the file says
 * for another kind.
 */
final class IgnoredKeys {
    private static final List<Choice> CHOICES = List.of(
            new Choice("data", "task.kind", TaskKind.class, SettingsReader::data),
            new Choice("data.task", "kind", TaskKind.class, SettingsReader::task),
            new Choice("data.tokenizer", "kind", Settings.TokenizerKind.class, SettingsReader::tokenizer),
            new Choice("model.parametrization", "kind", Parametrization.Kind.class,
                    SettingsReader::parametrization),
            new Choice("training.schedule", "kind", Settings.ScheduleKind.class, SettingsReader::schedule),
            new Choice("training.optimizer", "kind", Settings.OptimizerKind.class, SettingsReader::optimizer));

    private IgnoredKeys() {
    }

    /**
     * Settings that were read, without those that no training reads.
     *
     * @param places where settings are written, resolved, each over the one before, the defaults first
     * @param trials settings of the trials of a ladder, each of which may have a kind of its own
     * @throws SettingError for a setting without effect that the user wrote
     */
    static Config without(Config settings, List<Config> places, List<Config> trials) {
        Config read = settings;
        for (Ignored ignored : in(settings).toList()) {
            int place = place(ignored.path(), places);
            boolean needed = trials.stream().anyMatch(trial -> in(trial).noneMatch(ignored::equals));
            if (place > 0 && place >= place(ignored.choice().kind(), places) && !needed) {
                throw ignored.error(settings, places.get(place), path -> place(path, places) > 0);
            }
            read = place > 0 && needed ? read : read.withoutPath(ignored.path());
        }
        return read;
    }

    /**
     * Refuses what a trial sets without effect.
     *
     * @param settings all of the trial's
     * @param own those that it sets itself
     */
    static void refuse(Config settings, Config own) {
        in(settings).filter(ignored -> own.hasPath(ignored.path())).findFirst().ifPresent(ignored -> {
            throw ignored.error(settings, own, own::hasPath);
        });
    }

    private static Stream<Ignored> in(Config settings) {
        return CHOICES.stream()
                .flatMap(choice -> choice.unread(settings).stream().map(key -> new Ignored(choice, key)));
    }

    /** The last place that sets the path, 0 if only the defaults do. */
    private static int place(String path, List<Config> places) {
        int place = places.size() - 1;
        while (place > 0 && !places.get(place).hasPath(path)) {
            place--;
        }
        return place;
    }

    /** A section of which a key, such as its kind, says which others are read. */
    private record Choice(String path, String key, Class<? extends Enum<?>> kinds, Consumer<Section> reader) {

        String kind() {
            return path + "." + key;
        }

        Set<String> unread(Config settings) {
            Section section = Section.at(path, settings.getConfig(path));
            reader.accept(section);
            return section.unread();
        }

        /** The same with another kind, if the section can be read so. */
        Optional<Set<String>> unread(Config settings, String kind) {
            try {
                return Optional.of(unread(settings.withValue(kind(), ConfigValueFactory.fromAnyRef(kind))));
            } catch (SettingError unreadable) {
                return Optional.empty();
            }
        }

        List<String> kindsThat(Predicate<String> fit) {
            return Arrays.stream(kinds.getEnumConstants()).map(Section::word).filter(fit)
                    .toList();
        }
    }

    /** A key that the kind of its section does not read. */
    private record Ignored(Choice choice, String key) {

        String path() {
            return choice.path() + "." + key;
        }

        SettingError error(Config settings, Config place, Predicate<String> isSet) {
            String found = settings.getString(choice.kind());
            List<String> users = choice.kindsThat(kind -> choice
                    .unread(settings.withoutPath(path()).withFallback(ExperimentFile.reference()), kind)
                    .filter(unread -> !unread.contains(key)).isPresent());
            List<String> ways = choice.kindsThat(kind -> users.contains(kind) && choice.unread(settings, kind)
                    .filter(unread -> unread.stream().noneMatch(other -> isSet.test(choice.path() + "." + other)))
                    .isPresent());
            return new SettingError(place.getValue(path()), path(),
                    "has no effect with %s = %s, only with %s; remove it%s".formatted(choice.key(), found,
                            SettingError.oneOf(users),
                            ways.isEmpty()
                                    ? ""
                                    : ", or set %s to %s".formatted(choice.kind(),
                                            SettingError.oneOf(ways))));
        }
    }
}
