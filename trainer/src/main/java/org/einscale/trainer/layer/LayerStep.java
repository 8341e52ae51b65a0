package org.einscale.trainer.layer;

/**
 * One line of a layer: {@code name = expression}.
 *
 * @param name what the result is called in later steps
 * @param expression what computes it
 * @param line the line as it was written, for messages
 * @param where what the line belongs to and where that is written, such as {@code mine.conf:12: layer 'mlp'}
 */
public record LayerStep(String name, Expression expression, String line, String where) {
    /** A mistake at a place of the line. */
    LayerError error(int at, String problem) {
        return new LayerError(where, line, at, problem);
    }

    /** The line with a stretch of it, which begins at a place, written otherwise. */
    String rewritten(int at, String from, String to) {
        return line.substring(0, at) + to + line.substring(at + from.length());
    }

    @Override
    public String toString() {
        return line;
    }
}
