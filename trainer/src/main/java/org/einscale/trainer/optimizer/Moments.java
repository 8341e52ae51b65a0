package org.einscale.trainer.optimizer;

import org.einscale.einsum.program.Value;

/**
 * What AdamW remembers of a parameter between steps: states with the parameter's axes, 0 before training.
 *
 * @param m running mean of its gradient
 * @param v running mean of its gradient's square
 */
public record Moments(Value m, Value v) {}
