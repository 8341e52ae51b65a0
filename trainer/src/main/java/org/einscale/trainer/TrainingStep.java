package org.einscale.trainer;

import java.util.OptionalLong;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.einscale.trainer.text.Batches;

/**
 * One step of training as a compiled program: a batch in, the loss out, all parameters and the optimizer's states updated in place. Owns
 * the memory of both. A step allocates nothing. For one thread at a time.
 */
public final class TrainingStep implements AutoCloseable {
    private final TrainingSpec spec;
    private final Batches batches;
    private final int[] inputs;
    private final int[] targets;
    private final Session session;
    private final TokenInput tokenInput;
    private final TokenInput targetInput;
    private final long learningRate;
    private final long step;
    private final OptionalLong dropoutStep;
    private final long loss;
    private final SessionStates states;

    /** Compiles the step and draws the first parameters. */
    public TrainingStep(PreparedTraining prepared) {
        this.spec = prepared.spec();
        this.batches = prepared.data().batches(spec);
        this.inputs = new int[spec.batch() * spec.length()];
        this.targets = new int[inputs.length];
        Model model = prepared.model();
        TrainingProgram program = prepared.step();
        this.session = new Session(Plan.compile(program(program, model), model.sizes(), spec.precision(),
                spec.machine()));
        try {
            this.tokenInput = new TokenInput(session.address(model.tokens()), spec.precision());
            this.targetInput = new TokenInput(session.address(model.targets()), spec.precision());
            this.learningRate = session.address(program.learningRate());
            this.step = session.address(program.step());
            this.dropoutStep = model.dropoutStep().stream().mapToLong((Value value) -> session.address(value))
                    .findFirst();
            this.loss = session.address(model.loss());
            this.states = new SessionStates(session, program.program().states());
            initialise(model);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** What is compiled: forward, gradient and update, with the loss for the only output. */
    public static Program program(TrainingProgram step, Model model) {
        return Outputs.only(step.program(), model.loss());
    }

    /** Numbers keyed by seed and parameter name, so the order of parameters does not matter. */
    private void initialise(Model model) {
        for (Parameter parameter : model.parameters()) {
            String name = parameter.value().name();
            parameter.initialiser().fill(spec.precision(), session.address(parameter.value()),
                    states.array(name).length(), spec.seed(), name);
        }
    }

    /**
     * Runs a step.
     *
     * @param index 0 for the first; decides batch, learning rate, bias correction and dropout
     * @return the loss of the batch before the update, nats per token
     */
    public double run(long index) {
        batches.fill(index, inputs, targets);
        tokenInput.write(inputs);
        targetInput.write(targets);
        Precision precision = spec.precision();
        Raw.put(precision, learningRate, spec.learningRate(index));
        Raw.put(precision, step, index + 1);
        if (dropoutStep.isPresent()) {
            Raw.put(precision, dropoutStep.getAsLong(), index);
        }
        session.run();
        return Raw.get(precision, loss);
    }

    /** Parameters and the optimizer's states. */
    SessionStates states() {
        return states;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        session.close();
    }
}
