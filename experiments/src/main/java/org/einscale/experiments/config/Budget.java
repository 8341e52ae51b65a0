package org.einscale.experiments.config;

/** How long a training is, in one of the ways to say so. */
public sealed interface Budget {

    /** As many optimizer steps as see at least so many tokens. */
    record Tokens(long count) implements Budget {}

    /** Optimizer steps. */
    record Steps(long count) implements Budget {}

    /** Floating-point operations of all steps, counted from the program; the nearest number of steps. */
    record Flops(double count) implements Budget {}

    /** Tokens for each parameter without embeddings. */
    record TokensPerParameter(double count) implements Budget {}
}
