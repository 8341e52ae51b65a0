package org.einscale.trainer.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.einscale.tensor.random.Philox;

/**
 * What a model answers to every key of a look-up, so that its figures are sums over all keys and values without chance.
 *
 * @param keys what it answers to each, by rank
 */
public record Answers(ZipfLookup task, Zipf frequencies, List<Answer> keys) {

    /**
     * An answer to a key.
     *
     * @param loss expected, nats: of the value with probability {@link ZipfLookup#right}, and else of any other
     * @param right whether the key's value is the likeliest
     * @param brier squared distance of the probabilities from those of one who knows the value, 0 to 2 (Brier 1950)
     */
    public record Answer(double loss, boolean right, double brier) {}

    public Answers {
        keys = List.copyOf(keys);
    }

    /** Asks a model. */
    @FunctionalInterface
    public interface Asked {
        /**
         * @param keys tokens, {@code [n, length]}
         * @return log-probabilities of the token after each, {@code [n, v]}
         */
        double[][] logProbabilities(int[][] keys);
    }

    /**
     * Asks for all keys.
     *
     * @param seed of what the task asks for
     */
    public static Answers of(ZipfLookup task, long seed, Asked model) {
        ZipfLookup.Table table = task.examples(seed);
        int[][] keys = new int[task.keys()][task.length()];
        for (int rank = 0; rank < keys.length; rank++) {
            table.key(rank, keys[rank], 0);
        }
        double[][] found = model.logProbabilities(keys);
        return new Answers(task, task.frequencies(), IntStream.range(0, keys.length)
                .mapToObj(rank -> answer(task, found[rank], table.value(rank))).toList());
    }

    private static Answer answer(ZipfLookup task, double[] logProbabilities, int value) {
        double all = 0;
        double brier = 0;
        int best = 0;
        for (int token = 0; token < logProbabilities.length; token++) {
            all += token < task.values() ? logProbabilities[token] : 0;
            best = logProbabilities[token] > logProbabilities[best] ? token : best;
            brier += Math.pow(Math.exp(logProbabilities[token]) - (token == value ? 1 : 0), 2);
        }
        double loss = -(1 - task.noise()) * logProbabilities[value] - task.noise() / task.values() * all;
        return new Answer(loss, best == value, brier);
    }

    /** Expected loss over all that can be asked, nats per answer. */
    public double loss() {
        return mean(rank -> keys.get(rank).loss());
    }

    /** How often a key is asked whose value the model knows. */
    public double accuracy() {
        return mean(rank -> keys.get(rank).right() ? 1 : 0);
    }

    private double mean(IntToDoubleFunction of) {
        return IntStream.range(0, keys.size()).mapToDouble(rank -> frequencies.share(rank) * of.applyAsDouble(rank))
                .sum();
    }

    /** Share of the keys whose value the model knows, each key counting alike. */
    public double known() {
        return keys.stream().mapToDouble(key -> key.right() ? 1 : 0).average().orElseThrow();
    }

    /** Mean Brier score of the keys, each counting alike: what {@link #known} is a threshold of. */
    public double brier() {
        return keys.stream().mapToDouble(Answer::brier).average().orElseThrow();
    }

    /**
     * Share of examinations in which every answer is right. Each asks for other keys, all alike; what is asked depends on the
     * numbers here alone. Of a model that knows a share p of many keys it is about {@code p^length}.
     *
     * @param length keys that an examination asks for, at most as many as there are
     * @param count of examinations
     */
    public double exactMatch(int length, int count, long seed) {
        Philox random = Philox.of(seed, "examination of " + length);
        int[] order = IntStream.range(0, keys.size()).toArray();
        int passed = 0;
        for (int examination = 0; examination < count; examination++) {
            boolean right = true;
            for (int i = 0; i < length; i++) {
                long draw = (long) examination * length + i;
                int other = i + (int) (random.uniform(draw) * (order.length - i));
                int key = order[other];
                order[other] = order[i];
                order[i] = key;
                right &= keys.get(key).right();
            }
            passed += right ? 1 : 0;
        }
        return (double) passed / count;
    }

    /**
     * Keys whose ranks, counted from 1, lie from a power of two to below the next.
     *
     * @param first the rank that it begins with
     * @param known share of its keys whose value the model knows
     * @param loss mean expected loss of its keys, nats
     */
    public record Octave(int first, double known, double loss) {}

    /** All octaves, the most frequent keys first. */
    public List<Octave> octaves() {
        List<Octave> octaves = new ArrayList<>();
        for (int first = 1; first <= keys.size(); first *= 2) {
            List<Answer> of = keys.subList(first - 1, Math.min(keys.size(), 2 * first - 1));
            octaves.add(new Octave(first, of.stream().mapToDouble(key -> key.right() ? 1 : 0).average().orElseThrow(),
                    of.stream().mapToDouble(Answer::loss).average().orElseThrow()));
        }
        return List.copyOf(octaves);
    }
}
