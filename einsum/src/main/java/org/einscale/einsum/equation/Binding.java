package org.einscale.einsum.equation;

import java.util.List;
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
}
