package org.einscale.trainer.layer;

import org.einscale.einsum.program.Value;

/**
 * A parameter of a {@link Model}.
 *
 * @param value a state of the model's program; its name, such as {@code block.0.attention.q}, is unique in the model
 * @param initialiser what it holds before training
 * @param embedding whether it belongs to the tables of tokens and positions or to a head of its own, which scaling laws
 *        count apart
 * @param growth how much more it connects than in the base of the model's parametrization
 */
public record Parameter(Value value, Initialiser initialiser, boolean embedding, Growth growth) {
    /** A parameter of the standard parametrization. */
    public Parameter(Value value, Initialiser initialiser, boolean embedding) {
        this(value, initialiser, embedding, Growth.NONE);
    }
}
