package org.einscale.trainer.task;

/** Something to learn, whose law follows from its settings. The records that implement it say how. */
public sealed interface Task permits ZipfLookup, SparseParity, RandomHierarchy {

    /** Tokens of an example. */
    int length();

    /** Number of different tokens, answers included. */
    int vocabulary();

    /** What is to be learned, drawn from a seed. */
    Examples examples(long seed);

    /** Loss of one who knows everything that can be known, nats per answer. */
    double floor();

    /** Loss of one who knows how often there is which answer, nats per answer. */
    double chance();

    /** Its settings as one line of JSON, which {@link TaskKind#read} takes. */
    String text();
}
