package org.einscale.einsum.equation;

import java.util.Optional;

/** A way out of a mistake. It is tried when the message is read, and told only if it works. */
@FunctionalInterface
public interface Remedy {

    /** The end of the message, a clause without the semicolon before it; empty if the way leads nowhere. */
    Optional<String> told();

    /** What is true whatever the mistake. */
    static Remedy fact(String told) {
        return () -> Optional.of(told);
    }

    /**
     * Told if the attempt succeeds.
     *
     * @param attempt
     *            does what is told; throws if that is a mistake too
     */
    static Remedy trying(String told, Runnable attempt) {
        return () -> {
            try {
                attempt.run();
                return Optional.of(told);
            } catch (IllegalArgumentException | ArithmeticException refused) {
                return Optional.empty();
            }
        };
    }

    /** Two ways, both of which work. */
    default Remedy or(Remedy other) {
        return () -> told().flatMap(one -> other.told().map(two -> one + ", or " + two));
    }
}
