package org.einscale.trainer;

/**
 * A text that a model wrote.
 *
 * @param text without the prompt; where the document ended, without what ends it
 * @param tokens how many tokens were written
 * @param ended whether it stopped at the end of a document
 * @param seconds that it took
 */
public record Sample(String text, int tokens, boolean ended, double seconds) {
    /** Speed. */
    public double tokensPerSecond() {
        return tokens / Math.max(1e-9, seconds);
    }
}
