package org.einscale.trainer.layer;

/**
 * One line of a layer: {@code name = expression}.
 *
 * @param name what the result is called in later steps
 * @param expression what computes it
 * @param line the line as it was written, for messages
 */
public record LayerStep(String name, Expression expression, String line) {
    @Override
    public String toString() {
        return line;
    }
}
