package org.einscale.trainer.task;

import java.util.Locale;
import org.einscale.tensor.random.Permutation;
import org.einscale.tensor.random.Philox;

/**
 * A table to be known by heart: a key of some tokens asks for its value, one token. The key of rank k occurs in proportion to
 * {@code k^-s}. The value of each is drawn once; an answer is replaced by a value drawn anew with probability q. Which tokens
 * make a key says nothing of how frequent it is.
 *
 * <p>Whoever knows the values of some keys and of no others has the loss
 * {@code floor + (log V - floor) * u}, where u is how often the other ones occur (Hutter 2021, "Learning curve theory"; Michaud
 * et al. 2023). Of D draws, the keys that never came make up {@link Zipf#unseen}.
 *
 * @param keys how many there are, 1 or more
 * @param keyTokens tokens of a key, 2 or more for a look-up that an embedding cannot do
 * @param values V, different values, 2 or more
 * @param exponent s, 0 (all alike) or more
 * @param noise q, at least 0 and below 1
 */
public record ZipfLookup(int keys, int keyTokens, int values, double exponent, double noise) implements Task {
    /** @throws IllegalArgumentException if a number is out of its range, naming it */
    public ZipfLookup {
        Ranges.require(keys >= 1, "keys", keys, "1 or more");
        Ranges.require(keyTokens >= 1, "key-tokens", keyTokens, "1 or more");
        Ranges.require(values >= 2, "values", values, "2 or more");
        Ranges.require(exponent >= 0 && Double.isFinite(exponent), "exponent", exponent, "0 or more");
        Ranges.require(noise >= 0 && noise < 1, "noise", noise, "at least 0 and below 1");
    }

    /** Different tokens in keys: the fewest of which there are enough. */
    int symbols() {
        int symbols = 1;
        while (combinations(symbols) < keys) {
            symbols++;
        }
        return symbols;
    }

    private double combinations(int symbols) {
        return Math.pow(symbols, keyTokens);
    }

    @Override
    public int length() {
        return keyTokens;
    }

    /** Keys and values are written in the same tokens. */
    @Override
    public int vocabulary() {
        return Math.max(symbols(), values);
    }

    /** How often each key occurs. */
    public Zipf frequencies() {
        return new Zipf(keys, exponent);
    }

    /** How often an answer is its key's value, drawn anew by chance or not: {@code 1 - q + q / V}. */
    public double right() {
        return 1 - noise + noise / values;
    }

    /** Entropy of an answer whose key is known: {@code -r log r - (V - 1) (q / V) log (q / V)}, r being {@link #right}. */
    @Override
    public double floor() {
        double wrong = noise / values;
        return -right() * Math.log(right()) - (noise == 0 ? 0 : (values - 1) * wrong * Math.log(wrong));
    }

    /** Of one who knows no key, {@code log V}. */
    @Override
    public double chance() {
        return Math.log(values);
    }

    /**
     * Loss of one who knows the keys but for some, nats per answer.
     *
     * @param unlearned how often those occur, a share of 1
     */
    public double loss(double unlearned) {
        return floor() + (chance() - floor()) * unlearned;
    }

    /** The inverse of {@link #loss}: how often keys occur that a model of some loss does not know. */
    public double unlearned(double loss) {
        return (loss - floor()) / (chance() - floor());
    }

    @Override
    public Table examples(long seed) {
        return new Table(this, seed);
    }

    @Override
    public String text() {
        return String.format(Locale.ROOT,
                "{\"kind\":\"zipf-lookup\",\"keys\":%d,\"key-tokens\":%d,\"values\":%d,\"exponent\":%s,\"noise\":%s}",
                keys,
                keyTokens, values, exponent, noise);
    }

    /** The values of all keys. */
    public static final class Table implements Examples {
        private final ZipfLookup task;
        private final Zipf frequencies;
        private final int symbols;
        private final Permutation spelling;
        private final Philox values;

        private Table(ZipfLookup task, long seed) {
            this.task = task;
            this.frequencies = task.frequencies();
            this.symbols = task.symbols();
            this.spelling = new Permutation(Math.round(task.combinations(symbols)), Philox.of(seed, "keys"));
            this.values = Philox.of(seed, "values");
        }

        /** The value of a key by its rank, the most frequent one being 0. */
        public int value(int rank) {
            return (int) (values.uniform(rank) * task.values);
        }

        /** Writes the tokens of a key. */
        public void key(int rank, int[] tokens, int at) {
            long rest = spelling.at(0, rank);
            for (int i = 0; i < task.keyTokens; i++) {
                tokens[at + i] = (int) (rest % symbols);
                rest /= symbols;
            }
        }

        @Override
        public int draw(Philox draws, long number, int[] tokens, int at) {
            return write(draws.fine(number), tokens, at);
        }

        @Override
        public int even(long number, long count, int[] tokens, int at) {
            return write((number + 0.5) / count, tokens, at);
        }

        /** Each key has an interval of [0, 1), in which its own value comes first and then every value as noise. */
        private int write(double point, int[] tokens, int at) {
            int rank = frequencies.at(point);
            key(rank, tokens, at);
            double within = frequencies.within(point, rank);
            return within < 1 - task.noise
                    ? value(rank)
                    : Math.min(task.values - 1, (int) ((within - 1 + task.noise) / task.noise * task.values));
        }
    }
}
