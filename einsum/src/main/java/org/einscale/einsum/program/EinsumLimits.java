package org.einscale.einsum.program;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Group;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Rule;
import org.einscale.tensor.Axis;

/** What the index language can say of arrays, but not of a program's values: every axis of theirs has a name of its own. */
record EinsumLimits(Equation equation) {

    /**
     * Refuses what a program cannot hold.
     *
     * @throws EquationError
     *             at a repeat or a reduction, the axis 1, brackets, a repeating ellipsis or a diagonal write
     */
    void check() {
        if (equation.rule() == Rule.REPEAT || equation.rule() == Rule.REDUCE) {
            throw error(0, "found a " + equation.rule() + " where an einsum stands; use the program's own operation");
        }
        Stream.concat(equation.operands().stream(), Stream.of(equation.result()))
                .forEach(term -> checkElements(term.elements()));
        Set<Axis> written = new HashSet<>();
        equation.result().names().filter(name -> !written.add(name.axis())).findFirst().ifPresent(name -> {
            throw error(name.position(), "the output names axis '" + name
                    + "' twice; programs do not write diagonals, so name it once");
        });
    }

    private void checkElements(List<Element> elements) {
        for (Element element : elements) {
            switch (element) {
                case Name name -> checkBrackets(element, name.bracketed());
                case Element.One _ -> throw error(element.position(),
                        "found the axis 1, which a program's values do not have; remove it");
                case Group group -> {
                    if (group.elements().isEmpty()) {
                        throw error(element.position(),
                                "'()' has no parts; a program's values have no axes of size 1, so remove it");
                    }
                    checkElements(group.elements());
                }
                case Ellipsis ellipsis -> {
                    if (!ellipsis.plain()) {
                        throw error(element.position(),
                                "'" + element + "' repeats an axis, which programs do not; write the axes out");
                    }
                    checkBrackets(element, ellipsis.bracketed());
                }
            }
        }
    }

    private void checkBrackets(Element element, boolean bracketed) {
        if (bracketed) {
            throw error(element.position(),
                    "'" + element + "' is in brackets, which programs do not have; remove them");
        }
    }

    private EquationError error(int position, String problem) {
        return new EquationError(equation.text(), position, problem);
    }
}
