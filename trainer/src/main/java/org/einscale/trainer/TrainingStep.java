package org.einscale.trainer;

/**
 * One step of training as a compiled program: a batch in, the loss out, all parameters and the optimizer's states updated in
 * place. Owns the memory of both. For one thread at a time.
 */
public interface TrainingStep extends AutoCloseable {

    /** Compiles the step for the devices that the spec asks for, and draws the first parameters. */
    static TrainingStep of(PreparedTraining prepared) {
        return of(prepared, Meshes.LOCAL);
    }

    /** The same on devices that come from somewhere. */
    static TrainingStep of(PreparedTraining prepared, Meshes meshes) {
        return prepared.spec().splitting().split() ? new MeshStep(prepared, meshes) : new SessionStep(prepared);
    }

    /**
     * Runs a step.
     *
     * @param index 0 for the first; decides batch, learning rate, bias correction and dropout
     * @return the loss of the batch before the update, nats per token
     */
    double run(long index);

    /** Parameters and the optimizer's states. */
    States states();

    /** Frees the memory. */
    @Override
    void close();
}
