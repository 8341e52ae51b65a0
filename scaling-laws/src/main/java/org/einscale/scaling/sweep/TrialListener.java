package org.einscale.scaling.sweep;

import org.einscale.scaling.table.Evaluation;

/** Told by a {@link TrialRunner} how its trial goes, on the trial's thread. */
public interface TrialListener {

    /**
     * Some steps were done.
     *
     * @param progress where training is
     * @throws TrialFailure where the training loss is not finite
     */
    void progressed(Progress progress);

    /**
     * The validation loss was measured.
     *
     * @param evaluation the measurement; a later one of the same step replaces it
     * @throws TrialFailure where the validation loss is not finite
     */
    void evaluated(Evaluation evaluation);

    /**
     * Another trial, which begins as this one does, need not wait for it any longer.
     *
     * @param trial its name
     */
    default void branched(String trial) {
    }
}
