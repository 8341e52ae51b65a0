package org.einscale.scaling.table;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * One row of {@code runs.csv}: a trial that has ended. {@link RunColumn} gives the unit of each column. Numbers that do not exist
 * are NaN here and empty cells in the file.
 *
 * @param trial name of the trial
 * @param status how it ended
 * @param n non-embedding parameters
 * @param nTotal all parameters
 * @param nEmbedding parameters of embeddings: nTotal - n
 * @param layers blocks
 * @param width model width d
 * @param tokens training tokens of the whole run
 * @param uniqueTokens those of them that are seen for the first time
 * @param steps optimizer steps of the whole run
 * @param batchTokens tokens a step
 * @param learningRate peak learning rate
 * @param seed from which its random numbers follow
 * @param flopsProgram floating-point operations of the whole run, counted from the program
 * @param flops6nd 6 N D, the usual estimate
 * @param flopsAttention 6 N D with the products of attention, the estimate of Chowdhery et al. 2022
 * @param trainLoss training loss of the last step, nats per token
 * @param valLoss last validation loss, nats per token
 * @param valBitsPerByte the same per byte of text, in bits
 * @param failedStep step at which a failed trial stopped, where known
 * @param failure why a trial failed, one line; empty for a finished one
 * @param seconds training time
 * @param tokensPerSecond training speed without warm-up
 * @param warmupSeconds time until the speed was steady
 */
public record Run(String trial, Status status, long n, long nTotal, long nEmbedding, int layers, int width, long tokens,
        long uniqueTokens, long steps, long batchTokens, double learningRate, long seed, double flopsProgram,
        double flops6nd, double flopsAttention, double trainLoss, double valLoss,
        double valBitsPerByte,
        OptionalLong failedStep, String failure, double seconds, double tokensPerSecond, double warmupSeconds) {

    /** How a trial ended. */
    public enum Status {
        /** All steps done. */
        FINISHED,
        /** Stopped before its end; its losses do not count. */
        FAILED;

        /** As written in tables. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same row under another name. */
    public Run named(String name) {
        return new Run(name, status, n, nTotal, nEmbedding, layers, width, tokens, uniqueTokens, steps,
                batchTokens, learningRate, seed, flopsProgram, flops6nd, flopsAttention, trainLoss, valLoss,
                valBitsPerByte, failedStep,
                failure, seconds,
                tokensPerSecond, warmupSeconds);
    }
}
