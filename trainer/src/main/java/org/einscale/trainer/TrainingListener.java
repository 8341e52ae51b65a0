package org.einscale.trainer;

/** Hears what a training does, on the training's thread. */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {
    };

    /**
     * A step is done. Comes after every step: an implementation must be quick and should allocate nothing.
     *
     * @param step steps done
     * @param steps steps in all
     * @param loss of this step's batch before its update, nats per token
     * @param tokensPerSecond recent speed, evaluations and checkpoints not counted
     */
    default void progress(long step, long steps, double loss, double tokensPerSecond) {
    }

    /** The validation loss has been measured. */
    default void evaluated(LossPoint measurement) {
    }

    /** A checkpoint is on disk. */
    default void checkpointed(long step) {
    }

    /**
     * Devices were lost, or others have come: the training goes on with other devices.
     *
     * @param step steps done, with which it goes on
     * @param reason in one line
     */
    default void moved(long step, String reason) {
    }
}
