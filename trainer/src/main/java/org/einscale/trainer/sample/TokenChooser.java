package org.einscale.trainer.sample;

import java.util.Arrays;

/**
 * Chooses the next token from a model's logits. The probabilities are the softmax of logits over temperature; of the tokens
 * in falling order of logit, the lower number first among equals, the first {@code topK} are kept, and of those the fewest
 * whose share reaches {@code topP} (nucleus sampling: Holtzman et al. 2020, "The Curious Case of Neural Text
 * Degeneration").
 *
 * @param temperature 0 or more; 0 always takes the largest logit
 * @param topK how many tokens to choose among; 0 for all
 * @param topP above 0 and at most 1; 1 for all
 */
public record TokenChooser(double temperature, int topK, double topP) {
    /** @throws IllegalArgumentException if a setting is out of its range */
    public TokenChooser {
        require(temperature >= 0 && temperature < Double.POSITIVE_INFINITY, "temperature %s: expected 0 or more",
                temperature);
        require(topK >= 0, "top-k %s: expected 0 (all tokens) or more", topK);
        require(topP > 0 && topP <= 1, "top-p %s: expected a number above 0 and at most 1 (all tokens)", topP);
    }

    /**
     * Chooses a token.
     *
     * @param logits one a token; minus infinity excludes a token; not modified
     * @param uniform a random number in [0, 1), which alone decides the choice
     * @throws IllegalArgumentException if a logit is NaN or plus infinity, or none is finite
     */
    public int choose(float[] logits, double uniform) {
        require(uniform >= 0 && uniform < 1, "uniform %s: expected a number in [0, 1)", uniform);
        int best = largest(logits);
        if (temperature == 0) {
            return best;
        }
        int[] ranked = ranked(logits);
        double[] weights = new double[topK == 0 ? ranked.length : Math.min(topK, ranked.length)];
        Arrays.setAll(weights, rank -> Math.exp(((double) logits[ranked[rank]] - logits[best]) / temperature));
        int kept = nucleus(weights);
        double left = uniform * sum(weights, kept);
        for (int rank = 0; rank < kept; rank++) {
            left -= weights[rank];
            if (left < 0) {
                return ranked[rank];
            }
        }
        // Rounding can leave a rest behind the last weight, which may have underflowed to zero.
        return ranked[lastPositive(weights, kept)];
    }

    private static int largest(float[] logits) {
        int best = -1;
        for (int token = 0; token < logits.length; token++) {
            float logit = logits[token];
            require(!Float.isNaN(logit) && logit != Float.POSITIVE_INFINITY,
                    "the logit of token %d is %s: expected a finite number", token, logit);
            if (logit != Float.NEGATIVE_INFINITY && (best < 0 || logit > logits[best])) {
                best = token;
            }
        }
        require(best >= 0, "none of the %d logits is finite", logits.length);
        return best;
    }

    /** The tokens in falling order of logit, the lower number first among equals. */
    private static int[] ranked(float[] logits) {
        long[] keys = new long[logits.length];
        Arrays.setAll(keys, token -> (long) falling(logits[token]) << Integer.SIZE | token);
        Arrays.sort(keys);
        int[] tokens = new int[keys.length];
        Arrays.setAll(tokens, rank -> (int) keys[rank]);
        return tokens;
    }

    /** An integer that falls as the number rises; both zeros give the same. */
    private static int falling(float number) {
        int bits = Float.floatToIntBits(number + 0f);
        return ~(bits >= 0 ? bits : bits ^ Integer.MAX_VALUE);
    }

    /** How many of the weights, largest first, it takes to reach the share {@code topP}. */
    private int nucleus(double[] weights) {
        if (topP == 1) {
            return weights.length;
        }
        double wanted = topP * sum(weights, weights.length);
        int kept = 0;
        double share = 0;
        while (kept < weights.length && share < wanted) {
            share += weights[kept++];
        }
        return kept;
    }

    private static double sum(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }

    private static int lastPositive(double[] weights, int kept) {
        int last = kept - 1;
        while (weights[last] == 0) {
            last--;
        }
        return last;
    }

    private static void require(boolean fine, String message, Object... values) {
        if (!fine) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
