package org.einscale.trainer.task;

import java.util.Locale;
import java.util.stream.IntStream;
import org.einscale.tensor.random.Philox;

/**
 * Multitask sparse parity (Michaud et al. 2023, "The quantization model of neural scaling"): a token names one of many subtasks
 * and random bits follow; the answer is the parity of those few bits that the subtask looks at. Subtask i occurs in proportion
 * to {@code i^-s}. Fewer of its bits say nothing of an answer, so that each subtask is learned wholly or not at all, and the
 * loss of one who knows the m most frequent ones is {@link #loss}, which falls as {@code m^-(s - 1)}.
 *
 * <p>Tokens 0 and 1 are bits and answers, 2 + i names subtask i, counted from 0.
 *
 * @param subtasks how many there are, 1 or more
 * @param bits that follow, 1 or more
 * @param subset how many of them a subtask looks at, at least 1 and at most all
 * @param exponent s, 0 (all alike) or more
 */
public record SparseParity(int subtasks, int bits, int subset, double exponent) implements Task {
    /** @throws IllegalArgumentException if a number is out of its range, naming it */
    public SparseParity {
        Ranges.require(subtasks >= 1, "subtasks", subtasks, "1 or more");
        Ranges.require(bits >= 1, "bits", bits, "1 or more");
        Ranges.require(subset >= 1 && subset <= bits, "subset", subset, "at least 1 and at most bits = " + bits);
        Ranges.require(exponent >= 0 && Double.isFinite(exponent), "exponent", exponent, "0 or more");
    }

    @Override
    public int length() {
        return 1 + bits;
    }

    @Override
    public int vocabulary() {
        return 2 + subtasks;
    }

    /** How often each subtask occurs. */
    public Zipf frequencies() {
        return new Zipf(subtasks, exponent);
    }

    /** Nothing is left to chance. */
    @Override
    public double floor() {
        return 0;
    }

    /** One bit. */
    @Override
    public double chance() {
        return Math.log(2);
    }

    /** Loss of one who knows the most frequent subtasks and guesses the others, {@code log 2 sum_(i > m) p_i}, nats. */
    public double loss(int learned) {
        return chance() * frequencies().beyond(learned);
    }

    @Override
    public Subtasks examples(long seed) {
        return new Subtasks(this, seed);
    }

    @Override
    public String text() {
        return String.format(Locale.ROOT,
                "{\"kind\":\"sparse-parity\",\"subtasks\":%d,\"bits\":%d,\"subset\":%d,\"exponent\":%s}", subtasks,
                bits,
                subset, exponent);
    }

    /** The bits that each subtask looks at. */
    public static final class Subtasks implements Examples {
        private final SparseParity task;
        private final Zipf frequencies;
        private final int[][] looked;
        private final Philox held;

        private Subtasks(SparseParity task, long seed) {
            this.task = task;
            this.frequencies = task.frequencies();
            Philox random = Philox.of(seed, "subsets");
            this.looked = IntStream.range(0, task.subtasks).mapToObj(subtask -> subset(random, subtask))
                    .toArray(int[][]::new);
            this.held = Philox.of(seed, "held out");
        }

        private int[] subset(Philox random, int subtask) {
            int[] order = IntStream.range(0, task.bits).toArray();
            for (int i = 0; i < task.subset; i++) {
                int other = i + (int) (random.uniform((long) subtask * task.subset + i) * (task.bits - i));
                int bit = order[other];
                order[other] = order[i];
                order[i] = bit;
            }
            return IntStream.of(order).limit(task.subset).sorted().toArray();
        }

        /** The places of the bits that a subtask looks at, ascending, counted from 0. */
        public int[] looked(int subtask) {
            return looked[subtask].clone();
        }

        /**
         * Writes an example of one subtask, of those that are held out.
         *
         * @param subtask counted from 0
         * @return the answer
         */
        int heldOut(int subtask, long number, int[] tokens) {
            return write(subtask, held, number * task.bits, tokens, 0);
        }

        @Override
        public int draw(Philox draws, long number, int[] tokens, int at) {
            long first = number * (1 + Math.ceilDiv(task.bits, 2));
            return write(frequencies.at(draws.fine(first)), draws, 2 * first + 2, tokens, at);
        }

        @Override
        public int even(long number, long count, int[] tokens, int at) {
            return write(frequencies.at((number + 0.5) / count), held, number * task.bits, tokens, at);
        }

        private int write(int subtask, Philox random, long first, int[] tokens, int at) {
            tokens[at] = 2 + subtask;
            for (int bit = 0; bit < task.bits; bit++) {
                tokens[at + 1 + bit] = random.bits(first + bit) & 1;
            }
            int parity = 0;
            for (int bit : looked[subtask]) {
                parity ^= tokens[at + 1 + bit];
            }
            return parity;
        }
    }
}
