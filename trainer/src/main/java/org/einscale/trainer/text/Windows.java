package org.einscale.trainer.text;

import java.util.Locale;

/**
 * The fixed sequences that a model is evaluated on: windows of {@code length} input tokens that do not overlap, from the
 * start of the stream. They depend on nothing but the stream and the length, so every model is measured on the same text.
 */
public final class Windows {
    private final TokenStream stream;
    private final int length;
    private final int count;

    private Windows(TokenStream stream, int length, int count) {
        this.stream = stream;
        this.length = length;
        this.count = count;
    }

    /**
     * As many whole windows as {@code maxTokens} allows and the stream has, but at least one.
     *
     * @throws IllegalArgumentException if the length is below 1 or longer than the text
     */
    public static Windows of(TokenStream stream, int length, int maxTokens) {
        stream.requireLonger(length);
        return new Windows(stream, length, Math.max(1, Math.min((stream.length() - 1) / length, maxTokens / length)));
    }

    /**
     * The windows up to the last whole batch, for a model that evaluates {@code batch} of them at a time.
     *
     * @throws IllegalArgumentException if there are fewer windows than one batch takes
     */
    public Windows wholeBatches(int batch) {
        if (batch < 1 || batch > count) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "an evaluation batch takes %d sequences of %d tokens, but %s gives %d; use a smaller batch or evaluate more tokens",
                            batch, length, stream.source(), count));
        }
        return new Windows(stream, length, count - count % batch);
    }

    /** Number of windows, at least 1. */
    public int count() {
        return count;
    }

    /** Tokens in a window. */
    public int length() {
        return length;
    }

    /** Target tokens in all windows. */
    public long tokens() {
        return (long) count * length;
    }

    /**
     * Writes consecutive windows.
     *
     * @param first the first window; {@code first + rows} must not exceed {@link #count}
     * @param inputs {@code [rows, length]} by rows, modified up to there
     * @param targets of the same shape, the token that follows each input, modified up to there
     */
    public void fill(int first, int rows, int[] inputs, int[] targets) {
        if (first < 0 || rows < 0 || first + rows > count) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "windows %d to %d asked, there are %d", first, first + rows - 1, count));
        }
        stream.copy(first * length, inputs, 0, rows * length);
        stream.copy(first * length + 1, targets, 0, rows * length);
    }

    /** How many bytes of text the targets of all windows stand for. */
    public long targetBytes() {
        return stream.bytes(1, count * length + 1);
    }

    /**
     * The mean loss over all windows as bits per byte of text, which models with different tokenizers share.
     *
     * @param natsPerToken mean cross-entropy of the targets, in nats
     */
    public double bitsPerByte(double natsPerToken) {
        return natsPerToken * tokens() / Math.log(2) / targetBytes();
    }
}
