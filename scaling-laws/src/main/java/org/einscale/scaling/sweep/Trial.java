package org.einscale.scaling.sweep;

import java.util.Locale;
import java.util.regex.Pattern;
import org.einscale.scaling.ScalingException;

/**
 * One training run of a sweep, as planned.
 *
 * @param name its name, unique in the sweep, also that of its folder: letters, digits, dot, dash and underscore, a letter or digit
 *        first
 * @param n non-embedding parameters, positive
 * @param nTotal all parameters, at least n
 * @param layers blocks
 * @param width model width d
 * @param tokens training tokens
 * @param uniqueTokens those of them that are seen for the first time
 * @param steps optimizer steps
 * @param batchTokens tokens a step
 * @param learningRate peak learning rate
 * @param seed from which its random numbers follow
 * @param flopsProgram floating-point operations of the whole run, counted from the program; the sweep starts the largest first
 * @param attentionFlops those of products of activations with one another: 12 L d T a token in a transformer
 * @param configuration all that decides the numbers, as text, one setting a line; a folder takes no trial of another configuration
 */
public record Trial(String name, long n, long nTotal, int layers, int width, long tokens, long uniqueTokens,
        long steps, long batchTokens, double learningRate, long seed, double flopsProgram, double attentionFlops,
        String configuration) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public Trial {
        if (!NAME.matcher(name).matches()) {
            throw new ScalingException(
                    "a trial's name is made of letters, digits, '.', '-' and '_', found '" + name + "'");
        }
        if (n < 1 || nTotal < n) {
            throw new ScalingException(
                    String.format(
                            Locale.ROOT,
                            "trial %s: needs at least 1 non-embedding parameter and no more than in total, found %d of %d",
                            name, n, nTotal));
        }
    }

    /** Parameters of embeddings. */
    public long nEmbedding() {
        return nTotal - n;
    }

    /** 6 N D, the usual estimate of the operations (Kaplan et al. 2020, section 2.1). */
    public double flops6nd() {
        return 6.0 * n * tokens;
    }

    /** 6 N D with attention, 6 N + 12 L d T a token (Chowdhery et al. 2022, "PaLM", appendix B). */
    public double flopsAttention() {
        return flops6nd() + attentionFlops;
    }

    /** What must be the same for a result to be this trial's: its plan and configuration as lines of text. */
    String fingerprint() {
        return String.format(Locale.ROOT, """
                n = %d
                n_total = %d
                layers = %d
                width = %d
                tokens = %d
                unique_tokens = %d
                steps = %d
                batch_tokens = %d
                learning_rate = %s
                %s
                """, n, nTotal, layers, width, tokens, uniqueTokens, steps, batchTokens, learningRate,
                configuration.strip());
    }
}
