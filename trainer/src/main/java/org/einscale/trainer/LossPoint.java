package org.einscale.trainer;

/**
 * A measurement of the model in the course of its training.
 *
 * @param step optimizer steps done
 * @param tokens tokens learned from so far
 * @param trainLoss loss of the last step's batch before its update, nats per token
 * @param validationLoss mean loss on the validation windows, nats per token
 * @param bitsPerByte the validation loss in bits per byte of text
 * @param seconds time spent on training and measuring so far, seconds; the only number that differs from run to run
 */
public record LossPoint(long step, long tokens, double trainLoss, double validationLoss, double bitsPerByte,
        double seconds) {}
