package org.einscale.trainer;

import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.optimizer.Optimizer;
import org.einscale.trainer.optimizer.Schedule;

/**
 * How one model is trained. Together with a {@link ModelDefinition} and a {@link TextData} it decides every number of the
 * result but the timings.
 *
 * @param batch sequences in a step
 * @param microBatches equal parts that the batch is taken in, one after the other; decides the last bits too
 * @param length tokens in a sequence
 * @param steps optimizer steps; {@link #steps(long, int, int)} makes them from a number of tokens
 * @param learningRate peak learning rate
 * @param schedule multiplies the peak rate, step by step
 * @param optimizer how parameters follow their gradients
 * @param evaluateEvery steps between two measurements of the validation loss; the last step is always measured; 0: only
 *            the last
 * @param evaluationTokens validation tokens of a measurement, the first ones of the validation text each time
 * @param checkpointEvery steps between two checkpoints; 0: only after the last step
 * @param precision format of weights and arithmetic
 * @param seed from which every random number follows: weights, order of the data, dropout
 * @param machine what decides between ways to compute the same, and so the last bits
 * @param splitting over which devices, and how; decides the last bits too
 */
public record TrainingSpec(int batch, int microBatches, int length, long steps, double learningRate, Schedule schedule,
        Optimizer optimizer,
        long evaluateEvery, long evaluationTokens, long checkpointEvery, Precision precision, long seed,
        Profile machine, Splitting splitting) {
    /** @throws IllegalArgumentException if a number is out of its range, naming it */
    public TrainingSpec {
        require(batch >= 1, "batch of %d sequences: expected 1 or more", batch);
        require(microBatches >= 1 && batch % microBatches == 0,
                "batch of %d sequences in %d micro-batches: expected a number of them that divides it, such as %d",
                batch,
                microBatches, divisor(batch, microBatches));
        require(length >= 1, "length of %d tokens: expected 1 or more", length);
        require(steps >= 1, "training of %d steps: expected 1 or more", steps);
        require(learningRate > 0 && Double.isFinite(learningRate), "learning rate %s: expected a number above 0",
                learningRate);
        require(evaluateEvery >= 0, "evaluation every %d steps: expected 0 (only the last) or more", evaluateEvery);
        require(evaluationTokens >= length,
                "evaluation on %d tokens: expected at least one sequence, which has %d tokens", evaluationTokens,
                length);
        require(checkpointEvery >= 0, "checkpoint every %d steps: expected 0 (only the last) or more",
                checkpointEvery);
    }

    /** On one device, for what is to be expected of this machine. */
    public TrainingSpec(int batch, int length, long steps, double learningRate, Schedule schedule, Optimizer optimizer,
            long evaluateEvery, long evaluationTokens, long checkpointEvery, Precision precision, long seed) {
        this(batch, 1, length, steps, learningRate, schedule, optimizer, evaluateEvery, evaluationTokens,
                checkpointEvery,
                precision, seed, Machine.typical(), Splitting.NONE);
    }

    /** The same on another machine. */
    public TrainingSpec on(Profile other) {
        return new TrainingSpec(batch, microBatches, length, steps, learningRate, schedule, optimizer, evaluateEvery,
                evaluationTokens, checkpointEvery, precision, seed, other, splitting);
    }

    /** The same on other devices. */
    public TrainingSpec over(Splitting devices) {
        return new TrainingSpec(batch, microBatches, length, steps, learningRate, schedule, optimizer, evaluateEvery,
                evaluationTokens, checkpointEvery, precision, seed, machine, devices);
    }

    /** The same with the batch taken in so many parts. */
    public TrainingSpec inMicroBatches(int parts) {
        return new TrainingSpec(batch, parts, length, steps, learningRate, schedule, optimizer, evaluateEvery,
                evaluationTokens, checkpointEvery, precision, seed, machine, splitting);
    }

    /** The largest divisor of a number that is at most {@code limit}, and at least 1. */
    static int divisor(int number, int limit) {
        int divisor = Math.max(1, Math.min(number, limit));
        while (number % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    /** Sequences that are taken at once. */
    public int microBatch() {
        return batch / microBatches;
    }

    /** The fewest steps that see at least so many tokens. */
    public static long steps(long tokens, int batch, int length) {
        return Math.ceilDiv(tokens, (long) batch * length);
    }

    /** Tokens that a step learns from. */
    public long tokensPerStep() {
        return (long) batch * length;
    }

    /** The learning rate of an update; step 0 is the first. */
    public double learningRate(long step) {
        return learningRate * schedule.at(step);
    }

    boolean evaluatesAfter(long steps) {
        return steps == this.steps || evaluateEvery > 0 && steps % evaluateEvery == 0;
    }

    boolean checkpointsAfter(long steps) {
        return checkpointEvery > 0 && steps % checkpointEvery == 0;
    }

    /**
     * Everything that decides the numbers of a run but for their last bits, as text by name. How often a checkpoint is written
     * does not.
     */
    SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put("batch", Integer.toString(batch));
        identity.put("length", Integer.toString(length));
        identity.put("steps", Long.toString(steps));
        identity.put("learning rate", Double.toString(learningRate));
        identity.put("schedule", schedule.toString());
        identity.put("optimizer", optimizer.toString());
        identity.put("evaluate every", Long.toString(evaluateEvery));
        identity.put("evaluation tokens", Long.toString(evaluationTokens));
        identity.put("precision", precision.toString());
        identity.put("seed", Long.toString(seed));
        return identity;
    }

    private static void require(boolean fine, String message, Object... values) {
        if (!fine) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
