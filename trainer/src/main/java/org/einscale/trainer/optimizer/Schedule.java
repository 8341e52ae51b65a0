package org.einscale.trainer.optimizer;

/**
 * How the learning rate goes over a run: a multiplier between 0 and 1 of the peak rate, a pure function of the step. Step 0
 * is the first update. A warm-up of {@code w} steps climbs as {@code (step + 1) / w}, so the first update is not wasted and
 * step {@code w - 1} is the first at the peak. A schedule that decays reaches its minimum at step {@code total}, just after
 * the last update, and stays there.
 */
public sealed interface Schedule {
    /**
     * The multiplier for an update.
     *
     * @param step 0 or more
     */
    double at(long step);

    /** Steps of the warm-up. */
    long warmup();

    /** First step whose rate depends on how many there are: a longer schedule with the same warm-up is the same before it. */
    long decaysFrom();

    /** Warm-up, then the peak rate for ever. */
    record Constant(long warmup) implements Schedule {
        /** @throws IllegalArgumentException if the warm-up is negative */
        public Constant {
            require(warmup >= 0, "warm-up of %d steps: expected 0 or more", warmup);
        }

        @Override
        public double at(long step) {
            return climb(step, warmup);
        }

        @Override
        public long decaysFrom() {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Warm-up, then half a cosine wave from the peak to {@code minimumFraction} of it (Loshchilov and Hutter 2017, "SGDR:
     * Stochastic Gradient Descent with Warm Restarts", without restarts).
     */
    record WarmupCosine(long warmup, long total, double minimumFraction) implements Schedule {
        /** @throws IllegalArgumentException if the warm-up does not fit the total or the fraction is not in [0, 1] */
        public WarmupCosine {
            requirePhases(warmup, 0, total, minimumFraction);
        }

        @Override
        public double at(long step) {
            if (step < warmup) {
                return climb(step, warmup);
            }
            double left = (1 + Math.cos(Math.PI * progress(step, warmup, total))) / 2;
            return minimumFraction + (1 - minimumFraction) * left;
        }

        @Override
        public long decaysFrom() {
            return warmup;
        }
    }

    /**
     * Warm-up, then the peak rate, then over the last {@code decaySteps} steps a decay as one minus the square root of the
     * progress. The three phases are those of Hu et al. 2024, "MiniCPM"; the form of the decay is from Hägele et al. 2024,
     * "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations", where it did better than a line.
     */
    record WarmupStableDecay(long warmup, long total, long decaySteps, double minimumFraction) implements Schedule {
        /** @throws IllegalArgumentException if the phases do not fit the total or the fraction is not in [0, 1] */
        public WarmupStableDecay {
            requirePhases(warmup, decaySteps, total, minimumFraction);
        }

        @Override
        public double at(long step) {
            if (step < warmup) {
                return climb(step, warmup);
            }
            double left = 1 - Math.sqrt(progress(step, decaysFrom(), total));
            return minimumFraction + (1 - minimumFraction) * left;
        }

        @Override
        public long decaysFrom() {
            return total - decaySteps;
        }
    }

    private static double climb(long step, long warmup) {
        return step >= warmup ? 1 : (step + 1.0) / warmup;
    }

    /** How much of the way from one step to another is done, between 0 and 1. */
    private static double progress(long step, long from, long to) {
        if (step >= to) {
            return 1;
        }
        return step <= from ? 0 : (double) (step - from) / (to - from);
    }

    private static void requirePhases(long warmup, long decay, long total, double minimumFraction) {
        require(total >= 1, "schedule over %d steps: expected 1 or more", total);
        require(warmup >= 0 && decay >= 0, "warm-up of %d and decay of %d steps: expected 0 or more", warmup, decay);
        require(warmup <= total - decay, "warm-up of %d and decay of %d steps do not fit into %d steps", warmup, decay,
                total);
        require(minimumFraction >= 0 && minimumFraction <= 1,
                "minimum fraction %s of the learning rate: expected a number from 0 to 1", minimumFraction);
    }

    private static void require(boolean fine, String message, Object... values) {
        if (!fine) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
