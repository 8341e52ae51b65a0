package org.einscale.einsum.binding;

import java.util.List;
import org.einscale.einsum.equation.Element;
import org.einscale.tensor.Axis;

/**
 * One axis of an array, written out.
 *
 * @param atoms
 *            elementary axes that it is composed of, outermost first; none for the axis 1
 * @param element
 *            what stands for it in the equation
 */
record Dimension(List<Atom> atoms, Element element) {

    /**
     * An elementary axis.
     *
     * @param label
     *            what the equation calls it: {@code ...} for those of a plain ellipsis, else its name
     * @param position
     *            index in the string
     */
    record Atom(Axis axis, String label, int position) {

        /** Whether it is one of several with the same label. */
        boolean repeated() {
            return !axis.name().equals(label);
        }
    }

    /** Whether it is a single axis, no composition and not the axis 1. */
    boolean single() {
        return !(element instanceof Element.Group) && !atoms.isEmpty();
    }

    boolean ofPlainEllipsis() {
        return element instanceof Element.Ellipsis ellipsis && ellipsis.plain();
    }
}
