package org.einscale.sharding.pipeline;

/**
 * When the turn of a statement is in a training step that takes its batch in parts.
 *
 * @param microBatch
 *            the part of the batch that the statement works on, counted from 0
 * @param backward
 *            whether it is on the way back, from the loss to the gradients
 * @param depth
 *            position in the model of the statement that it is, or through which the way back leads it; the same in all
 *            parts
 */
public record Turn(int microBatch, boolean backward, int depth) {

    /**
     * The number of this turn among those of a stage. Stages do one part forward and one backward in turn (1F1B, Narayanan et
     * al. 2019): at first each takes as many parts forward as there are stages behind it, so that the next has work while it
     * waits for the first to come back, and no more, so that the activations of no other parts have to be kept.
     *
     * @param behind
     *            stages behind this one
     * @param microBatches
     *            parts of the batch
     */
    int slot(int behind, int microBatches) {
        int ahead = Math.min(behind, microBatches);
        int steady = microBatches - ahead;
        if (!backward) {
            return microBatch < ahead ? microBatch : ahead + 2 * (microBatch - ahead);
        }
        return microBatch < steady ? ahead + 2 * microBatch + 1 : ahead + 2 * steady + (microBatch - steady);
    }
}
