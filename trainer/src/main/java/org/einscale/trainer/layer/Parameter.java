package org.einscale.trainer.layer;

import org.einscale.einsum.program.Value;

/**
 * A parameter of a {@link Model}.
 *
 * @param value a state of the model's program; its name, such as {@code block.0.attention.q}, is unique in the model
 * @param initialiser what it holds before training
 * @param embedding whether it belongs to the tables of tokens and positions or to a head of its own, which scaling laws
 *        count apart
 */
public record Parameter(Value value, Initialiser initialiser, boolean embedding) {}
