package org.einscale.bench.einsum;

import java.util.Optional;

/** A library that computes einsums on one thread. */
public interface EinsumEngine extends AutoCloseable {
    /** Makes a runner; empty if the library has no way to express the task. The task's arrays outlive the runner. */
    Optional<EinsumRunner> prepare(EinsumTask task);

    /** Ends the library, as far as it can be ended. */
    @Override
    default void close() {
    }
}
