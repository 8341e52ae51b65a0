package org.einscale.trainer;

import java.util.Optional;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/**
 * Where a program takes a batch of sequences from.
 *
 * @param rows sequences
 * @param weights of the targets, if they are an input
 */
record BatchInput(int rows, int[] tokens, int[] targets, double[] weights, TokenInput tokenInput,
        TokenInput targetInput, Optional<WeightInput> weightInput) {

    BatchInput(int rows, int length, TokenInput tokenInput, TokenInput targetInput,
            Optional<WeightInput> weightInput) {
        this(rows, new int[rows * length], new int[rows * length],
                new double[weightInput.isPresent() ? rows * length : 0], tokenInput, targetInput, weightInput);
    }

    /** Where the weights go. */
    record WeightInput(long address, Precision precision) {}

    /**
     * Writes sequences that follow one another. Weights are divided by their mean, so that a batch's loss is the mean of what
     * counts. Allocates nothing.
     *
     * @return what the targets count together
     */
    double write(Sequences sequences, long first) {
        sequences.fill(first, rows, tokens, targets, weights);
        tokenInput.write(tokens);
        targetInput.write(targets);
        if (weightInput.isEmpty()) {
            return targets.length;
        }
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        WeightInput input = weightInput.get();
        double scale = total == 0 ? 0 : weights.length / total;
        for (int i = 0; i < weights.length; i++) {
            Raw.put(input.precision, input.address + (long) i * input.precision.bytes(), weights[i] * scale);
        }
        return total;
    }
}
