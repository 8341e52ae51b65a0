package org.einscale.scaling.table;

/**
 * One evaluation during a trial.
 *
 * @param step optimizer steps done
 * @param tokens training tokens seen
 * @param trainLoss training loss at that step, nats per token; NaN where unknown
 * @param valLoss validation loss, nats per token
 */
public record Evaluation(long step, long tokens, double trainLoss, double valLoss) {}
