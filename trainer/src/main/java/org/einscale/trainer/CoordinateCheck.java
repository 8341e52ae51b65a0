package org.einscale.trainer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.trainer.layer.Probe;

/**
 * How large activations are in the first steps of a training, on the sequences of the first step: done at several widths it tells
 * whether a learning rate of one holds at others (the coordinate check of Yang et al. 2022, appendix D.1).
 */
public final class CoordinateCheck {
    private static final Axis SEQUENCE = new Axis("b");

    private CoordinateCheck() {
    }

    /**
     * An activation after some steps.
     *
     * @param value the layer whose result it is, such as {@code block.0.mlp}, a step of one, such as
     *        {@code block.0.attention.scores}, or {@code logits}
     * @param step steps done
     * @param size mean absolute value of its elements
     * @param change mean absolute difference of its elements from what they were before the first step
     */
    public record Activation(String value, long step, double size, double change) {}

    /**
     * Trains for some steps and looks at the result of every layer and of every einsum of a layer.
     *
     * @return all activations before the first step, then after each
     * @throws TrainingDiverged if a loss is not finite
     */
    public static List<Activation> of(PreparedTraining prepared, long steps) {
        TrainingSpec spec = prepared.spec();
        Probe probe = prepared.definition().spec().probe(spec.batch(), spec.length(), prepared.data().vocabulary());
        SequencedMap<Value, String> watched = watched(probe);
        try (TrainingStep training = TrainingStep.of(prepared);
                Session session = new Session(
                        Plan.compile(probe.model().program().only(watched.keySet().toArray(Value[]::new)),
                                probe.model().sizes(), spec.precision(), spec.machine()))) {
            int[] tokens = new int[spec.batch() * spec.length()];
            prepared.data().training(spec).fill(0, spec.batch(), tokens, new int[tokens.length],
                    new double[tokens.length]);
            new TokenInput(session.address(probe.model().tokens()), spec.precision()).write(tokens);
            SessionStates parameters = new SessionStates(session, Validation.values(probe.model()));
            Map<Value, double[]> first = new LinkedHashMap<>();
            List<Activation> activations = new ArrayList<>();
            for (long step = 0; step <= steps; step++) {
                if (step > 0) {
                    double loss = training.run(step - 1);
                    if (!Double.isFinite(loss)) {
                        throw new TrainingDiverged(step, loss, spec.learningRate(), List.of());
                    }
                }
                parameters.copyFrom(training.states().arrays(parameters.names()), "the trained model");
                session.run();
                for (Map.Entry<Value, String> each : watched.entrySet()) {
                    double[] numbers = session.array(each.getKey()).dup('c').data().asDouble();
                    double[] before = first.computeIfAbsent(each.getKey(), _ -> numbers);
                    activations.add(activation(each.getValue(), step, numbers, before));
                }
            }
            return activations;
        }
    }

    private static SequencedMap<Value, String> watched(Probe probe) {
        Map<Value, String> layers = new LinkedHashMap<>();
        probe.applied().forEach(applied -> layers.put(applied.result(), applied.scope()));
        SequencedMap<Value, String> watched = new LinkedHashMap<>();
        for (Statement statement : probe.model().program().statements()) {
            Value result = statement.result();
            if (result.equals(probe.model().logits())) {
                watched.put(result, "logits");
            } else if (layers.containsKey(result)) {
                watched.put(result, layers.get(result));
            } else if (statement.operation() instanceof Operation.Contract && result.axes().contains(SEQUENCE)) {
                watched.put(result, result.name());
            }
        }
        return watched;
    }

    private static Activation activation(String value, long step, double[] numbers, double[] before) {
        double size = 0;
        double change = 0;
        for (int i = 0; i < numbers.length; i++) {
            size += Math.abs(numbers[i]);
            change += Math.abs(numbers[i] - before[i]);
        }
        return new Activation(value, step, size / numbers.length, change / numbers.length);
    }
}
