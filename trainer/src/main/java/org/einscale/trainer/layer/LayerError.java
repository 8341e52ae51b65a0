package org.einscale.trainer.layer;

import org.einscale.einsum.equation.CaretLine;

/** A mistake in a layer's text. The message says what is wrong, quotes the line and draws a caret under the place. */
public final class LayerError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * @param where what the line belongs to, such as {@code layer 'mlp'}
     * @param line the line as it was written
     * @param position index of the offending character; at most the line's length
     * @param problem one sentence: what was found, what was expected, and the nearest fix
     */
    public LayerError(String where, String line, int position, String problem) {
        super(where + ": " + problem + "\n" + CaretLine.under(line, position));
        this.position = position;
    }

    /** Index of the offending character in the line. */
    public int position() {
        return position;
    }
}
