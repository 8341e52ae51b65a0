package org.einscale.trainer;

import java.util.HashSet;
import java.util.Set;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.partition.Partition;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.optimizer.TrainingProgram;

/**
 * One step of training as a compiled program: a batch in, the loss out, all parameters and the optimizer's states updated in
 * place. Owns the memory of both. For one thread at a time.
 */
public interface TrainingStep extends AutoCloseable {

    /** Compiles the step for the devices that the spec asks for, and draws the first parameters. */
    static TrainingStep of(PreparedTraining prepared) {
        return prepared.spec().splitting().split() ? new MeshStep(prepared) : new SessionStep(prepared);
    }

    /** What is compiled: forward, gradient and update, with the loss for the only output. */
    static Program program(TrainingProgram step, Model model) {
        return Outputs.only(step.program(), model.loss());
    }

    /** States of the step that are no parameters of the model. */
    static Set<Value> optimizerStates(TrainingProgram step, Model model) {
        Set<Value> states = new HashSet<>(step.program().states());
        model.parameters().forEach(parameter -> states.remove(parameter.value()));
        return states;
    }

    /**
     * How the devices of the spec's mesh share the step.
     *
     * @throws org.einscale.sharding.ShardingError
     *             if a rule of the spec cannot hold, or devices along an axis of the mesh would all do the same
     */
    static Partition partition(TrainingProgram step, Model model, TrainingSpec spec) {
        return MeshStep.partition(step, model, spec);
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
