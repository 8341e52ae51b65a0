package org.einscale.trainer;

import java.util.SortedMap;

/** What a model learns: sequences to train on, and others to be measured on. Immutable; trials share it, from any thread. */
public sealed interface TrainingData permits TextData, TaskData {

    /** Number of different tokens. */
    int vocabulary();

    /** Whether targets count differently, so that a training is told the weight of each. */
    boolean weighted();

    /** SHA-256, in hexadecimal, of all that decides the sequences but their length. */
    String checksum();

    /** Everything that decides which tokens a run sees, as text by name. */
    SortedMap<String, String> identity();

    /** What a model that is saved must know of it. */
    Learned learned();

    /**
     * Refuses a training that cannot have its sequences from here, without starting it.
     *
     * @throws IllegalArgumentException in one line
     */
    void check(TrainingSpec spec);

    /** The sequences of a run, those of its first step first. */
    Sequences training(TrainingSpec spec);

    /** What the run is measured on. */
    HeldOut heldOut(TrainingSpec spec);

    /** Tokens that a run sees before any of them comes again. */
    long epoch(TrainingSpec spec);
}
