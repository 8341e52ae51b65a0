package org.einscale.scaling.sweep;

/**
 * The final measurements of a trial.
 *
 * @param trainLoss last training loss, nats per token
 * @param valLoss last validation loss, nats per token
 * @param valBitsPerByte the same per byte of text, in bits
 * @param seconds training time
 * @param tokensPerSecond training speed without warm-up
 * @param warmupSeconds time until the speed was steady
 */
public record TrialResult(double trainLoss, double valLoss, double valBitsPerByte, double seconds,
        double tokensPerSecond,
        double warmupSeconds) {}
