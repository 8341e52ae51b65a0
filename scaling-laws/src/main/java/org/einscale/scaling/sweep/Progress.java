package org.einscale.scaling.sweep;

/**
 * Where a trial is.
 *
 * @param step optimizer steps done
 * @param steps optimizer steps of the whole run
 * @param trainLoss training loss, nats per token
 * @param tokensPerSecond present speed
 */
public record Progress(long step, long steps, double trainLoss, double tokensPerSecond) {}
