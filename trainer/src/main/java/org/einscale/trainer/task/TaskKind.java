package org.einscale.trainer.task;

import java.util.Optional;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;

/** The tasks that a configuration can ask for. */
public enum TaskKind {
    /** A text is learned. */
    NONE,
    /** {@link ZipfLookup}. */
    ZIPF_LOOKUP;

    /**
     * The task that a section asks for by its {@code kind}.
     *
     * @throws org.einscale.trainer.config.SettingError if a setting is missing or cannot be used
     */
    public static Optional<Task> read(Section task) {
        return switch (task.choice("kind", TaskKind.class)) {
            case NONE -> Optional.empty();
            case ZIPF_LOOKUP -> Optional.of(new ZipfLookup(task.count("keys", 1), task.count("key-tokens", 1),
                    task.count("values", 2), task.number("exponent", Range.atLeast(0)),
                    task.number("noise", Range.belowOne())));
        };
    }
}
