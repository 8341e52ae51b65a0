package org.einscale.einsum.pass.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Closeness;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares the gradient pass with central differences, both run by the interpreter in float64. */
final class GradientCheck {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    private static final long SEED = 7;

    private GradientCheck() {
    }

    /** A scalar that depends on every element of a value in a different way: the sum of its product with a wave over the positions. */
    static Value weigh(ProgramBuilder builder, Value value) {
        List<Value> positions = value.axes().stream().map(builder::iota).toList();
        Pointwise phase = Pointwise.constant(0.7);
        for (int i = 0; i < positions.size(); i++) {
            phase = phase.plus(Pointwise.operand(i).times(Pointwise.constant(1.3 + 0.4 * i)));
        }
        Value weights = builder.map(Pointwise.apply(Unary.COS, phase), positions, value.axes());
        return builder.reduce(Reduction.SUM, builder.multiply(value, weights), List.of());
    }

    /** Checks the gradient of the loss with respect to each value, which are inputs or states. */
    static void check(Program program, Value loss, List<Value> withRespectTo, Sizes sizes) {
        Map<Value, INDArray> given = Filling.of(program, sizes, SEED);
        Gradient.Result gradient = Gradient.of(program, loss, withRespectTo);
        Interpreter.Run run = Interpreter.run(gradient.program(), sizes, given);
        for (Value value : withRespectTo) {
            Value of = Objects.requireNonNull(gradient.of().get(value));
            assertThat(of.axes()).as("axes of the gradient of " + value).isEqualTo(value.axes());
            INDArray found = Objects.requireNonNull(run.values().get(of));
            Closeness.check("gradient of " + value + " at " + sizes, found,
                    differences(program, loss, value, sizes, given), TOLERANCE);
        }
    }

    private static INDArray differences(Program program, Value loss, Value value, Sizes sizes,
            Map<Value, INDArray> given) {
        INDArray at = Objects.requireNonNull(given.get(value));
        double[] differences = new double[Math.toIntExact(at.length())];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = (moved(program, loss, value, sizes, given, i, STEP)
                    - moved(program, loss, value, sizes, given, i, -STEP)) / (2 * STEP);
        }
        return differences.length == 0 ? at : Nd4j.create(differences, at.shape(), 'c');
    }

    private static double moved(Program program, Value loss, Value value, Sizes sizes, Map<Value, INDArray> given,
            int element, double by) {
        Map<Value, INDArray> moved = new HashMap<>(given);
        INDArray array = Objects.requireNonNull(given.get(value)).dup('c');
        array.data().put(element, array.data().getDouble(element) + by);
        moved.put(value, array);
        return Objects.requireNonNull(Interpreter.run(program, sizes, moved).values().get(loss)).getDouble(0);
    }
}
