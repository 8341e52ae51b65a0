package org.einscale.trainer;

import java.util.List;

/**
 * What a finished training gives.
 *
 * @param parameters number of parameters
 * @param nonEmbeddingParameters those outside token and position tables and the untied head
 * @param steps optimizer steps
 * @param tokens tokens learned from
 * @param flopsPerStep floating-point operations of one optimizer step, counted from its program
 * @param trainLoss loss of the last step's batch before its update, nats per token
 * @param validationLoss of the last measurement, nats per token
 * @param bitsPerByte the same in bits per byte of text
 * @param time where the time went
 * @param tokensPerSecond steady speed: warm-up, evaluations and checkpoints not counted
 * @param history all measurements, oldest first
 */
public record TrainingResult(long parameters, long nonEmbeddingParameters, long steps, long tokens, long flopsPerStep,
        double trainLoss, double validationLoss, double bitsPerByte, TrainingTime time, double tokensPerSecond,
        List<LossPoint> history) {

    /** The history cannot be changed. */
    public TrainingResult {
        history = List.copyOf(history);
    }
}
