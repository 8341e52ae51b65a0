package org.einscale.einsum;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.parse.EquationParser;
import org.einscale.tensor.Axis;

/**
 * An einsum string taken apart: a term of axes for each operand and one for the result. No tensors, no sizes.
 *
 * @param text
 *            the string as it was written
 * @param operands
 *            a term for each operand
 * @param result
 *            distinct axes, each in at least one operand's term
 */
public record Equation(String text, List<Term> operands, Term result) {

    /**
     * Axes of one term with the place of each in the string.
     *
     * @param start
     *            index in the string at which the term begins
     */
    public record Term(List<Axis> axes, List<Integer> positions, int start) {
        public Term {
            axes = List.copyOf(axes);
            positions = List.copyOf(positions);
        }
    }

    public Equation {
        operands = List.copyOf(operands);
    }

    /**
     * Parses either dialect: names separated by spaces inside a term are named axes ({@code b l d, d f -> b l f}), else
     * each letter is an axis ({@code bld,df->blf}).
     *
     * @throws EquationError
     *             if the string is malformed
     */
    public static Equation of(String text) {
        return EquationParser.parse(text, EquationParser.dialect(text));
    }

    /** Parses with each letter as an axis, as NumPy does; without {@code ->} the output is every letter that occurs once, in alphabetical order. */
    public static Equation letters(String text) {
        return EquationParser.parse(text, EquationParser.Dialect.LETTERS);
    }

    /** Parses with names separated by spaces as axes; {@code ->} is required. */
    public static Equation words(String text) {
        return EquationParser.parse(text, EquationParser.Dialect.WORDS);
    }

    /** Axes of the operands' terms. */
    public List<List<Axis>> inputs() {
        return operands.stream().map(Term::axes).toList();
    }

    /** Axes of the result. */
    public List<Axis> output() {
        return result.axes();
    }

    /**
     * Sizes of the axes, given the shapes of the operands.
     *
     * @throws EquationError
     *             if the number of operands, a rank or two sizes of one axis do not fit
     */
    public Map<Axis, Integer> bind(List<long[]> shapes) {
        if (shapes.size() != operands.size()) {
            int at = shapes.size() < operands.size() ? operands.get(shapes.size()).start() : text.length();
            throw new EquationError(text, at, "it has " + operands.size() + " terms, but " + shapes.size()
                    + (shapes.size() == 1 ? " operand was given" : " operands were given"));
        }
        Map<Axis, Integer> sizes = new LinkedHashMap<>();
        Map<Axis, Integer> firstOperand = new LinkedHashMap<>();
        for (int i = 0; i < shapes.size(); i++) {
            Term term = operands.get(i);
            long[] shape = shapes.get(i);
            if (shape.length != term.axes().size()) {
                throw new EquationError(text, term.start(),
                        "operand " + i + " has shape " + shape(shape) + ", " + shape.length
                                + " axes, but its term names " + term.axes().size());
            }
            for (int j = 0; j < shape.length; j++) {
                Axis axis = term.axes().get(j);
                Integer known = sizes.putIfAbsent(axis, Math.toIntExact(shape[j]));
                if (known != null && known != shape[j]) {
                    throw new EquationError(text, term.positions().get(j),
                            "axis '" + axis.name() + "' is " + shape[j] + " in operand " + i
                                    + " of shape " + shape(shape) + ", but " + known + " in operand "
                                    + firstOperand.get(axis));
                }
                firstOperand.putIfAbsent(axis, i);
            }
        }
        return sizes;
    }

    private static String shape(long[] shape) {
        List<String> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(Long.toString(size));
        }
        return "(" + String.join(", ", sizes) + ")";
    }

    @Override
    public String toString() {
        return text;
    }
}
