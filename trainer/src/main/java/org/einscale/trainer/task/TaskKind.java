package org.einscale.trainer.task;

import java.util.Optional;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;

/** The tasks that a configuration can ask for. */
public enum TaskKind {
    /** A text is learned. */
    NONE,
    /** {@link ZipfLookup}. */
    ZIPF_LOOKUP,
    /** {@link SparseParity}. */
    SPARSE_PARITY,
    /** {@link RandomHierarchy}. */
    RANDOM_HIERARCHY;

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
            case SPARSE_PARITY -> Optional.of(task.reading("subset", () -> new SparseParity(task.count("subtasks", 1),
                    task.count("bits", 1), task.count("subset", 1), task.number("exponent", Range.atLeast(0)))));
            case RANDOM_HIERARCHY -> Optional.of(task.reading("synonyms",
                    () -> new RandomHierarchy(task.count("classes", 2), task.count("levels", 1),
                            task.count("branching", 2), task.count("synonyms", 1), task.count("symbols", 2))));
        };
    }
}
