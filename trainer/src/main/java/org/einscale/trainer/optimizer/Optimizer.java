package org.einscale.trainer.optimizer;

import org.einscale.trainer.layer.Growth;

/**
 * How parameters follow their gradients: statements of a training step's program. What it remembers from step to step are
 * states of that program, so that they are trained, checkpointed and loaded as parameters are.
 */
public interface Optimizer {
    /** Largest norm of the gradient over all parameters; a longer one is scaled down to it. Infinity: none. */
    double clip();

    /**
     * Decoupled weight decay (Loshchilov and Hutter 2019): a share of a parameter that a step takes away, multiplied by the
     * learning rate. Parameters of one axis or none, the gains and biases, do not decay.
     */
    double weightDecay();

    /**
     * What the learning rate is multiplied by for a parameter, so that it changes activations by as much as in the base of the
     * model's parametrization: the rows of tables 3 and 8 of Yang et al. 2022 for this optimizer. Weight decay is not: it takes
     * the same share of every parameter at every width, as in the authors' own implementation.
     */
    double rate(Growth growth);

    /** Appends the next value of every state that this needs, and with {@link Updates#descend} of every parameter. */
    void write(Updates to);

    /** Refuses a number out of its range, naming it. */
    static void require(boolean condition, String name, double found, String expected) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is " + found + "; expected " + expected);
        }
    }
}
