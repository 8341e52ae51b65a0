package org.einscale.trainer;

import java.util.Locale;
import org.einscale.trainer.sample.TokenChooser;

/**
 * What a {@link Sampler} is asked to write.
 *
 * @param prompt text to go on from; may be empty
 * @param maxTokens most tokens to write
 * @param chooser how a token is chosen among the probable ones
 * @param wholeDocument whether to stop where the document ends
 * @param seed decides all choices
 */
public record SampleRequest(String prompt, int maxTokens, TokenChooser chooser, boolean wholeDocument, long seed) {
    /** @throws IllegalArgumentException if no token is asked for */
    public SampleRequest {
        if (maxTokens < 1) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "sample of %d tokens: expected 1 or more", maxTokens));
        }
    }
}
