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
public record Turn(int microBatch, boolean backward, int depth) {}
