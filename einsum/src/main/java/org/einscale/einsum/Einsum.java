package org.einscale.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An einsum string that computes: {@code Einsum.of("b l d, d f -> b l f").apply(x, w)}.
 */
public final class Einsum {
    private final Equation equation;

    private Einsum(Equation equation) {
        this.equation = equation;
    }

    /**
     * Names separated by spaces inside a term are axes; where there are none, each letter is one.
     *
     * @throws EquationError
     *             if the string is malformed
     */
    public static Einsum of(String equation) {
        return new Einsum(Equation.of(equation));
    }

    /** Each letter is an axis, as in NumPy. */
    public static Einsum letters(String equation) {
        return new Einsum(Equation.letters(equation));
    }

    /** Names separated by spaces are axes. */
    public static Einsum words(String equation) {
        return new Einsum(Equation.words(equation));
    }

    public Equation equation() {
        return equation;
    }

    /**
     * Sum of products of the operands.
     *
     * @param operands
     *            one array for each term, all FLOAT or all DOUBLE, not modified
     * @return a new array with the axes of the output, in their order
     * @throws EquationError
     *             if the number of operands, a rank or a size does not fit
     */
    public INDArray apply(INDArray... operands) {
        Sizes sizes = equation.bind(Arrays.stream(operands).map(INDArray::shape).toList()).sizes();
        Precision precision = precision(operands);
        ProgramBuilder builder = new ProgramBuilder();
        List<Value> inputs = new ArrayList<>();
        Map<String, Integer> named = new TreeMap<>();
        for (int i = 0; i < operands.length; i++) {
            StringBuilder axes = new StringBuilder();
            List<Axis> term = equation.inputs().get(i);
            for (int j = 0; j < term.size(); j++) {
                String axis = "x" + i + "_" + j;
                axes.append(axis).append(' ');
                named.put(axis, sizes.of(term.get(j)));
            }
            inputs.add(builder.input("operand" + i, axes.toString()));
        }
        // Names of our own for the result's axes too: one of the equation's might be like those above.
        List<Axis> axes = new ArrayList<>();
        for (Axis axis : equation.output()) {
            axes.add(new Axis("y" + axes.size()));
            named.put(axes.getLast().name(), sizes.of(axis));
        }
        Value result = builder.contract(inputs, equation.inputs(), equation.output(), axes);
        builder.output(result);
        return run(builder.build(), Sizes.of(named), precision, inputs, operands, result);
    }

    private static INDArray run(Program program, Sizes sizes, Precision precision, List<Value> inputs,
            INDArray[] operands, Value result) {
        try (Session session = new Session(Plan.compile(program, sizes, precision))) {
            for (int i = 0; i < operands.length; i++) {
                if (!operands[i].isEmpty()) {
                    session.array(inputs.get(i)).assign(operands[i]);
                }
            }
            session.run();
            INDArray array = session.array(result);
            return array.isEmpty() ? array : array.dup('c');
        }
    }

    private Precision precision(INDArray[] operands) {
        DataType type = operands[0].dataType();
        for (int i = 0; i < operands.length; i++) {
            if (operands[i].dataType() != type || (type != DataType.FLOAT && type != DataType.DOUBLE)) {
                throw new EquationError(equation.text(), equation.operands().get(i).start(),
                        "operand " + i + " is of type " + operands[i].dataType()
                                + (i > 0 ? ", operand 0 of type " + type : "") + "; expected all FLOAT or all DOUBLE");
            }
        }
        return type == DataType.FLOAT ? Precision.FLOAT : Precision.DOUBLE;
    }

    @Override
    public String toString() {
        return "einsum \"" + equation + "\"";
    }
}
