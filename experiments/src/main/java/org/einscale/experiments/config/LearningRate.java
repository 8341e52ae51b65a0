package org.einscale.experiments.config;

/** The peak learning rate of a training. */
public sealed interface LearningRate {

    /** The rate itself. */
    record Fixed(double rate) implements LearningRate {}

    /**
     * The best of short trainings, which are run first.
     *
     * @param low lowest rate tried
     * @param high highest rate tried
     * @param count rates tried, spread evenly in their logarithm
     * @param share steps of a short training, as a share of those of the shortest training that its rate is for
     */
    record Search(double low, double high, int count, double share) implements LearningRate {}

    /** A rate to build a step with: what a step takes does not depend on it. */
    default double any() {
        return switch (this) {
            case Fixed(double rate) -> rate;
            case Search search -> Math.sqrt(search.low * search.high);
        };
    }
}
