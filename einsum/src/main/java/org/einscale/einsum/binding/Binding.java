package org.einscale.einsum.binding;

import java.util.List;
import java.util.Map;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.tensor.Sizes;

/**
 * An equation met with shapes: ellipses written out, composed axes taken apart, sizes known. Axes of ellipses have made-up
 * names, which differ from all names in the equation.
 *
 * @param operands
 *            a view for each operand
 * @param result
 *            what the result's array is made of
 * @param sizes
 *            the size of every elementary axis and of nothing else
 */
public record Binding(Equation equation, List<View> operands, View result, Sizes sizes) {
    public Binding {
        operands = List.copyOf(operands);
    }

    /** {@link #of(Equation, List, Map, boolean)} with nothing else known and no broadcasting. */
    public static Binding of(Equation equation, List<long[]> shapes) {
        return of(equation, shapes, Map.of(), false);
    }

    /**
     * Meets the operands' shapes.
     *
     * @param parts
     *            sizes by name that the shapes do not tell, such as parts of composed axes; of a repeated name, the size of
     *            every repetition
     * @param broadcasting
     *            whether size 1 of a named axis stretches to the size that it has in other operands; size 1 under a plain
     *            ellipsis always does
     * @throws EquationError
     *             if the number of operands, a rank or two sizes of one axis do not fit, or a size stays unknown
     */
    public static Binding of(Equation equation, List<long[]> shapes, Map<String, Integer> parts, boolean broadcasting) {
        return new Binder(equation, shapes, parts, broadcasting).bind();
    }

    /**
     * Meets sizes of all axes by name, as if the operands had the shapes that follow from them.
     *
     * @throws EquationError
     *             if there is an ellipsis, if an axis has no size, or if a size is of no axis
     */
    public static Binding of(Equation equation, Sizes sizes) {
        return new NamedSizes(equation, sizes).bind();
    }
}
