package org.einscale.trainer;

import java.util.List;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.einscale.trainer.text.Windows;

/**
 * Measures the loss of a model on fixed windows of text, without dropout, by a second compiled program into which the
 * parameters are copied. For one thread at a time.
 */
final class Validation implements AutoCloseable {
    private final Windows windows;
    private final int batch;
    private final int[] inputs;
    private final int[] targets;
    private final TrainingSpec spec;
    private final Session session;
    private final TokenInput tokenInput;
    private final TokenInput targetInput;
    private final long loss;
    private final SessionStates parameters;

    /** Compiles the model for the windows of the data that the spec asks for. */
    Validation(ModelDefinition definition, TrainingSpec spec, TextData data) {
        this.spec = spec;
        this.windows = data.validationWindows(spec);
        this.batch = TrainingSpec.divisor(windows.count(), spec.batch());
        this.inputs = new int[batch * spec.length()];
        this.targets = new int[inputs.length];
        Model model = definition.spec().build(batch, spec.length(), data.vocabulary(), false, spec.seed());
        this.session = new Session(
                Plan.compile(model.program().only(model.loss()), model.sizes(), spec.precision(),
                        spec.machine()));
        try {
            this.tokenInput = new TokenInput(session.address(model.tokens()), spec.precision());
            this.targetInput = new TokenInput(session.address(model.targets()), spec.precision());
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

    /** Mean loss of all windows with these parameters, nats per token. */
    double natsPerToken(States trained) {
        parameters.copyFrom(trained.arrays(), "the trained model");
        double sum = 0;
        for (int first = 0; first < windows.count(); first += batch) {
            windows.fill(first, batch, inputs, targets);
            tokenInput.write(inputs);
            targetInput.write(targets);
            session.run();
            sum += Raw.get(spec.precision(), loss);
        }
        return sum / (windows.count() / batch);
    }

    /** A mean loss over the windows as bits per byte of their text. */
    double bitsPerByte(double natsPerToken) {
        return windows.bitsPerByte(natsPerToken);
    }

    @Override
    public void close() {
        session.close();
    }
}
