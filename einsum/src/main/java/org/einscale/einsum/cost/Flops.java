package org.einscale.einsum.cost;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Passes;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;

/**
 * Floating-point operations of a run. A contraction of two operands counts two (a multiplication and an addition) for each
 * point of its index space, one of a single operand counts one, as does a reduction, unless it only
 * moves elements; every function of a map counts one an element. Rows of
 * softmax, normalisation and cross-entropy count a fixed number an element: exponentials count one.
 */
public final class Flops {
    private static final long PRODUCT_GRADIENT = 2;
    private static final long SOFTMAX = 5;
    private static final long SOFTMAX_GRADIENT = 4;
    private static final long NORMALISE = 7;
    private static final long NORMALISE_GRADIENT = 14;
    private static final long CROSS_ENTROPY = 4;

    private Flops() {
    }

    /** All operations of a run: of the statements that outputs and updates need. */
    public static double of(Program program, Sizes sizes) {
        Program pairs = Passes.apply(Passes.SIMPLER, program, Context.of(sizes));
        Sizes all = SizeInference.infer(pairs, sizes);
        return pairs.statements().stream().mapToDouble(statement -> of(statement, all)).sum();
    }

    /**
     * Those of contractions alone in which two operands depend on inputs, as in attention, where tokens meet tokens and no
     * parameter does.
     */
    public static double amongInputs(Program program, Sizes sizes) {
        Program pairs = Passes.apply(Passes.SIMPLER, program, Context.of(sizes));
        Sizes all = SizeInference.infer(pairs, sizes);
        Set<Value> dependent = new HashSet<>(pairs.inputs());
        double flops = 0;
        for (Statement statement : pairs.statements()) {
            long met = statement.operation().operands().stream().filter(dependent::contains).count();
            if (met > 0) {
                dependent.add(statement.result());
            }
            if (met > 1 && statement.operation() instanceof Operation.Contract) {
                flops += of(statement, all);
            }
        }
        return flops;
    }

    /**
     * Operations of one statement.
     *
     * @param sizes
     *            of all axes, those that follow from others too
     */
    public static double of(Statement statement, Sizes sizes) {
        return of(statement.operation(), sizes.points(statement.result().axes()), sizes);
    }

    /** Operations of one operation whose result has so many elements. */
    public static double of(Operation operation, double elements, Sizes sizes) {
        return switch (operation) {
            case Operation.Contract contract -> contract(contract, elements, sizes);
            case Operation.Accumulate accumulate -> elements + of(accumulate.addend(), elements, sizes);
            case Operation.Map map -> elements * map.expression().operations();
            case Operation.Reduce(Operation.Reduction reduction, Value operand) ->
                combined(sizes.points(operand.axes()), elements)
                        + (reduction == Operation.Reduction.MEAN ? elements : 0);
            case Operation.ProductGradient _ -> PRODUCT_GRADIENT * elements;
            case Operation.Softmax _ -> SOFTMAX * elements;
            case Operation.SoftmaxGradient _ -> SOFTMAX_GRADIENT * elements;
            case Operation.Normalise _ -> NORMALISE * elements;
            case Operation.NormaliseGradient _ -> NORMALISE_GRADIENT * elements;
            case Operation.CrossEntropy crossEntropy -> CROSS_ENTROPY * sizes.points(crossEntropy.logits().axes());
            case Operation.CrossEntropyGradient _ -> (CROSS_ENTROPY + 2) * elements;
            case Operation.TakeGradient gradient -> sizes.points(gradient.dy().axes());
            case Operation.Take _,Operation.Split _,Operation.Merge _,Operation.Slice _,Operation.Concatenate _,Operation.Iota _,Operation.Bernoulli _,Operation.Collective _,Operation.Shard _,Operation.Send _,Operation.Receive _ ->
                0;
        };
    }

    private static double contract(Operation.Contract contract, double elements, Sizes sizes) {
        double points = sizes.points(List.copyOf(contract.names().values()));
        return contract.operands().size() == 1 ? combined(points, elements) : contract.operands().size() * points;
    }

    /** One for each element of a single operand, if there are more than the result has. */
    private static double combined(double elements, double results) {
        return elements > results ? elements : 0;
    }
}
