package org.einscale.trainer.task;

import java.util.Locale;
import org.einscale.tensor.random.Permutation;
import org.einscale.tensor.random.Philox;

/**
 * The random hierarchy model (Cagnetti et al. 2024, "How deep neural networks learn compositional data"): a class is written as
 * one of m tuples of s symbols, each of these as one of its own m tuples, and so on for L levels; the last symbols are the
 * tokens, and the class is the answer. Which tuples, is drawn once, and no two symbols of a level share one, so that the class
 * follows from the tokens. All classes and all tuples of a symbol are equally frequent.
 *
 * <p>A deep network learns it from about {@link #complexity} examples, where what a tuple says of the class stands out from the
 * noise of sampling; one that cannot build on levels needs a number exponential in {@code s^L}.
 *
 * @param classes n_c, 2 or more
 * @param levels L, 1 or more
 * @param branching s, symbols of a tuple, 2 or more
 * @param synonyms m, tuples of a symbol, 1 or more
 * @param symbols v, different symbols of a level, 2 or more
 */
public record RandomHierarchy(int classes, int levels, int branching, int synonyms, int symbols) implements Task {
    private static final int MOST_TOKENS = 1 << 16;

    /** @throws IllegalArgumentException if a number is out of its range, naming it */
    public RandomHierarchy {
        Ranges.require(classes >= 2, "classes", classes, "2 or more");
        Ranges.require(levels >= 1, "levels", levels, "1 or more");
        Ranges.require(branching >= 2, "branching", branching, "2 or more");
        Ranges.require(Math.pow(branching, levels) <= MOST_TOKENS, "levels", levels,
                "at most " + MOST_TOKENS + " tokens, which are branching to that power");
        Ranges.require(symbols >= 2, "symbols", symbols, "2 or more");
        double most = Math.floor(Math.pow(symbols, branching) / Math.max(symbols, classes));
        Ranges.require(synonyms >= 1 && synonyms <= most, "synonyms", synonyms, String.format(Locale.ROOT,
                "at least 1 and at most %.0f, as symbols^branching tuples go round so often", most));
    }

    /** {@code s^L} tokens. */
    @Override
    public int length() {
        return (int) Math.round(Math.pow(branching, levels));
    }

    /** Symbols and classes are written in the same tokens. */
    @Override
    public int vocabulary() {
        return Math.max(symbols, classes);
    }

    /** The class follows from the tokens. */
    @Override
    public double floor() {
        return 0;
    }

    @Override
    public double chance() {
        return Math.log(classes);
    }

    /** Choices of a tuple in an example: {@code (s^L - 1) / (s - 1)}. */
    private int choices() {
        return (length() - 1) / (branching - 1);
    }

    /** Different examples: {@code n_c m^((s^L - 1) / (s - 1))}. */
    public double different() {
        return classes * Math.pow(synonyms, choices());
    }

    /** Examples from which a deep network learns it, {@code P* = n_c m^L}. */
    public double complexity() {
        return classes * Math.pow(synonyms, levels);
    }

    /**
     * Variance, over tuples of tokens and classes, of how likely a class is given a tuple at a place:
     * {@code v / (n_c^2 m^(L - 1))}, in the mean over rules and for many symbols. From P examples it is found with a sampling
     * variance of {@code v m / (n_c P)}, which is as large at {@link #complexity}.
     */
    public double signal() {
        return symbols / (Math.pow(classes, 2) * Math.pow(synonyms, levels - 1));
    }

    @Override
    public Rules examples(long seed) {
        return new Rules(this, seed);
    }

    @Override
    public String text() {
        return String.format(Locale.ROOT,
                "{\"kind\":\"random-hierarchy\",\"classes\":%d,\"levels\":%d,\"branching\":%d,\"synonyms\":%d,\"symbols\":%d}",
                classes, levels, branching, synonyms, symbols);
    }

    /** The tuples of all symbols. */
    public static final class Rules implements Examples {
        private final RandomHierarchy task;
        private final Permutation tuples;
        private final Philox held;

        private Rules(RandomHierarchy task, long seed) {
            this.task = task;
            this.tuples = new Permutation(Math.round(Math.pow(task.symbols, task.branching)), Philox.of(seed, "rules"));
            this.held = Philox.of(seed, "held out");
        }

        /** Writes a symbol of a level, 0 for classes, as one of its tuples. */
        private void tuple(int level, int symbol, int synonym, int[] into, int at) {
            long rest = tuples.at(level, (long) symbol * task.synonyms + synonym);
            for (int i = 0; i < task.branching; i++) {
                into[at + i] = (int) (rest % task.symbols);
                rest /= task.symbols;
            }
        }

        /** Gives which tuple a symbol is written as. */
        @FunctionalInterface
        interface Choice {
            /** @param node symbols of an example counted from the class, level by level */
            int synonym(int node);
        }

        /** Writes the tokens of a class from the last place of each level to the first, so that they need no other memory. */
        void write(int of, Choice choice, int[] tokens, int at) {
            tokens[at] = of;
            int node = 0;
            int count = 1;
            for (int level = 0; level < task.levels; level++) {
                for (int i = count - 1; i >= 0; i--) {
                    tuple(level, tokens[at + i], choice.synonym(node + i), tokens, at + i * task.branching);
                }
                node += count;
                count *= task.branching;
            }
        }

        @Override
        public int draw(Philox draws, long number, int[] tokens, int at) {
            long first = number * (task.choices() + 1);
            int of = (int) (draws.uniform(first) * task.classes);
            write(of, node -> (int) (draws.uniform(first + 1 + node) * task.synonyms), tokens, at);
            return of;
        }

        @Override
        public int even(long number, long count, int[] tokens, int at) {
            return draw(held, number, tokens, at);
        }
    }
}
