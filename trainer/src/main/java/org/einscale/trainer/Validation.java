package org.einscale.trainer;

import java.util.List;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;

/**
 * Measures the loss of a model on fixed sequences, without dropout, by a second compiled program into which the
 * parameters are copied. For one thread at a time.
 */
final class Validation implements AutoCloseable {
    private final HeldOut heldOut;
    private final int rows;
    private final TrainingSpec spec;
    private final Session session;
    private final BatchInput batch;
    private final long loss;
    private final SessionStates parameters;

    /** Compiles the model for the sequences of the data that the spec asks for. */
    Validation(ModelDefinition definition, TrainingSpec spec, TrainingData data) {
        this.spec = spec;
        this.heldOut = data.heldOut(spec);
        this.rows = TrainingSpec.divisor(heldOut.count(), spec.batch());
        Model plain = definition.spec().build(rows, spec.length(), data.vocabulary(), false, spec.seed());
        Model model = data.weighted() ? plain.weighted() : plain;
        this.session = new Session(
                Plan.compile(model.program().only(model.loss()), model.sizes(), spec.precision(),
                        spec.machine()));
        try {
            this.batch = new BatchInput(rows, spec.length(),
                    new TokenInput(session.address(model.tokens()), spec.precision()),
                    new TokenInput(session.address(model.targets()), spec.precision()), model.weights()
                            .map(weights -> new BatchInput.WeightInput(session.address(weights), spec.precision())));
            this.loss = session.address(model.loss());
            this.parameters = new SessionStates(session, values(model));
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    static List<Value> values(Model model) {
        return model.parameters().stream().map(Parameter::value).toList();
    }

    /** Mean loss of all targets with these parameters, each as it counts, nats per token. */
    double natsPerToken(States trained) {
        parameters.copyFrom(trained.arrays(parameters.names()), "the trained model");
        double sum = 0;
        double counted = 0;
        for (int first = 0; first < heldOut.count(); first += rows) {
            double counts = batch.write(heldOut.sequences(), first);
            session.run();
            sum += counts * Raw.get(spec.precision(), loss);
            counted += counts;
        }
        return sum / counted;
    }

    /** A mean loss as bits per byte of text, NaN if there is none. */
    double bitsPerByte(double natsPerToken) {
        return heldOut.bitsPerByte().applyAsDouble(natsPerToken);
    }

    @Override
    public void close() {
        session.close();
    }
}
