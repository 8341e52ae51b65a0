package org.einscale.trainer.task;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model answers to each subtask of multitask sparse parity, asked for examples that no training draws.
 *
 * @param losses mean loss of the answers to each subtask, the most frequent first, nats
 */
public record ParityAnswers(SparseParity task, List<Double> losses) {
    private static final int EXAMPLES = 512;

    public ParityAnswers {
        losses = List.copyOf(losses);
    }

    /**
     * Asks for all subtasks.
     *
     * @param seed of what the task asks for
     */
    public static ParityAnswers of(SparseParity task, long seed, Answers.Asked model) {
        SparseParity.Subtasks subtasks = task.examples(seed);
        return new ParityAnswers(task,
                IntStream.range(0, task.subtasks()).mapToObj(subtask -> loss(subtasks, subtask, task, model)).toList());
    }

    private static double loss(SparseParity.Subtasks subtasks, int subtask, SparseParity task, Answers.Asked model) {
        int[][] asked = new int[EXAMPLES][task.length()];
        int[] parities = IntStream.range(0, EXAMPLES).map(i -> subtasks.heldOut(subtask, i, asked[i])).toArray();
        double[][] found = model.logProbabilities(asked);
        return IntStream.range(0, EXAMPLES).mapToDouble(i -> -found[i][parities[i]]).average().orElseThrow();
    }

    /** Whether the answers to a subtask, counted from 0, are nearer to certainty than to a guess. */
    public boolean knows(int subtask) {
        return losses.get(subtask) < task.chance() / 2;
    }

    /** How many subtasks are known. */
    public long known() {
        return IntStream.range(0, losses.size()).filter(this::knows).count();
    }

    /** How many of the most frequent subtasks are known, up to the first that is not. */
    public int mostFrequentKnown() {
        return IntStream.range(0, losses.size()).filter(subtask -> !knows(subtask)).findFirst().orElse(losses.size());
    }

    /** Expected loss over all that can be asked, nats per answer. */
    public double loss() {
        return IntStream.range(0, losses.size())
                .mapToDouble(subtask -> task.frequencies().share(subtask) * losses.get(subtask)).sum();
    }

    /** Loss of one who knows the same subtasks and guesses at the others: {@code log 2} times how often these are asked. */
    public double lossByLaw() {
        return task.chance() * IntStream.range(0, losses.size()).filter(subtask -> !knows(subtask))
                .mapToDouble(task.frequencies()::share).sum();
    }
}
