package org.einscale.trainer;

import java.util.OptionalLong;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.optimizer.TrainingProgram;

/** A step on one device. It allocates nothing. */
final class SessionStep implements TrainingStep {
    private final TrainingSpec spec;
    private final Sequences sequences;
    private final Session session;
    private final BatchInput batch;
    private final long learningRate;
    private final long step;
    private final OptionalLong dropoutStep;
    private final long loss;
    private final SessionStates states;

    /** Compiles the step and draws the first parameters. */
    SessionStep(PreparedTraining prepared) {
        this.spec = prepared.spec();
        this.sequences = prepared.data().training(spec);
        PlannedStep planned = prepared.step();
        Model model = planned.model();
        TrainingProgram program = planned.training();
        this.session = new Session(Plan.compile(planned.program(), planned.context(), true));
        try {
            this.batch = new BatchInput(spec.batch(), spec.length(),
                    new TokenInput(session.address(program.tokens()), spec.precision()),
                    new TokenInput(session.address(program.targets()), spec.precision()), program.weights()
                            .map(weights -> new BatchInput.WeightInput(session.address(weights), spec.precision())));
            this.learningRate = session.address(program.learningRate());
            this.step = session.address(program.step());
            this.dropoutStep = model.dropoutStep().stream().mapToLong((Value value) -> session.address(value))
                    .findFirst();
            this.loss = session.address(program.loss());
            this.states = new SessionStates(session, program.program().states());
            initialise(model);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** Numbers keyed by seed and parameter name, so the order of parameters does not matter. */
    private void initialise(Model model) {
        for (Parameter parameter : model.parameters()) {
            String name = parameter.value().name();
            parameter.initialiser().fill(spec.precision(), session.address(parameter.value()),
                    states.array(name).length(), spec.seed(), name);
        }
    }

    @Override
    public double run(long index) {
        batch.write(sequences, index * spec.batch());
        Precision precision = spec.precision();
        Raw.put(precision, learningRate, spec.learningRate(index));
        Raw.put(precision, step, index + 1);
        if (dropoutStep.isPresent()) {
            Raw.put(precision, dropoutStep.getAsLong(), index);
        }
        session.run();
        return Raw.get(precision, loss);
    }

    @Override
    public States states() {
        return states;
    }

    @Override
    public void close() {
        session.close();
    }
}
