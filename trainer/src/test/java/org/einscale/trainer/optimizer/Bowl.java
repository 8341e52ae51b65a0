package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Initialiser;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The loss sum(w^2) / 2 + 2 sum(g) over a 2 x 2 matrix w and a vector g of 3, all of them 5 at first, interpreted in
 * float64: the gradient of w is w, that of g is 2.
 */
final class Bowl {
    static final double START = 5;

    /** The same in plain numbers: an element of w and one of g. */
    static final class Plain {
        final double[] p = {START, START};

        double norm() {
            return Math.sqrt(4 * p[0] * p[0] + 3 * 4);
        }

        /** Gradients clipped to a norm. */
        double[] gradients(double clip) {
            double scale = Math.min(1, clip / (norm() + 1e-6));
            return new double[]{p[0] * scale, 2 * scale};
        }
    }

    final Model model;
    private final TrainingProgram training;
    private final Map<Value, INDArray> given = new HashMap<>();
    private double norm;

    Bowl(Optimizer optimizer) {
        ProgramBuilder builder = new ProgramBuilder();
        Value tokens = builder.input("tokens", "");
        Value matrix = builder.state("w", "i j");
        Value vector = builder.state("g", "k");
        Value square = builder.map(
                Pointwise.operand(0).times(Pointwise.operand(0)).times(Pointwise.constant(0.5)), matrix);
        Value loss = builder.add(builder.reduce(Operation.Reduction.SUM, square, List.of()),
                builder.map(Pointwise.constant(2).times(Pointwise.operand(0)),
                        builder.reduce(Operation.Reduction.SUM, vector, List.of())));
        builder.output(loss);
        model = new Model(builder.build(), Sizes.of(Map.of("i", 2, "j", 2, "k", 3)), tokens, tokens, Optional.empty(),
                loss, loss, List.of(new Parameter(matrix, Initialiser.ones(), false),
                        new Parameter(vector, Initialiser.ones(), false)));
        training = TrainingProgram.of(model, optimizer);
        given.put(tokens, Nd4j.scalar(0.0));
        training.program().states().forEach(state -> given.put(state,
                Nd4j.valueArrayOf(state.axes().stream().mapToLong(model.sizes()::of).toArray(), 0.0)));
        given.put(matrix, Objects.requireNonNull(given.get(matrix)).add(START));
        given.put(vector, Objects.requireNonNull(given.get(vector)).add(START));
    }

    TrainingProgram training() {
        return training;
    }

    void step(int step, double rate) {
        given.put(training.learningRate(), Nd4j.scalar(rate));
        given.put(training.step(), Nd4j.scalar((double) step));
        Interpreter.Run run = Interpreter.run(training.program(), model.sizes(), given);
        norm = Objects.requireNonNull(run.values().get(training.gradientNorm())).getDouble(0);
        given.putAll(run.states());
    }

    /** The norm of the last step's gradient. */
    double norm() {
        return norm;
    }

    /** All elements of a state, which must be one number. */
    void assertHolds(String state, double expected) {
        INDArray array = Objects.requireNonNull(given.get(training.program().named(state)));
        for (double element : array.dup().data().asDouble()) {
            assertThat(element).as(state).isCloseTo(expected, within(1e-12));
        }
    }
}
