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
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Rule;
import org.einscale.tensor.Axis;

/** What the index language can say of arrays, but not of a program's values: every axis of theirs has a name of its own. */
record EinsumLimits(Equation equation, Mistakes mistakes) {

    /**
     * Refuses what a program cannot hold.
     *
     * @throws EquationError
     *             at a repeat or a reduction, the axis 1, brackets, a repeating ellipsis or a diagonal write
     */
    void check() {
        if (equation.rule() == Rule.REPEAT || equation.rule() == Rule.REDUCE) {
            throw mistakes.at(0,
                    "found a " + equation.rule() + " where an einsum stands; use the program's own operation");
        }
        Stream.concat(equation.operands().stream(), Stream.of(equation.result()))
                .forEach(term -> checkElements(term.elements()));
        Set<Axis> written = new HashSet<>();
        equation.result().names().filter(name -> !written.add(name.axis())).findFirst().ifPresent(name -> {
            int end = name.position() + name.toString().length();
            throw mistakes.at(name.position(), "the output names axis '" + name
                    + "' twice; programs do not write diagonals",
                    mistakes.replacing("name it once", name.position(), end, ""));
        });
    }

    private void checkElements(List<Element> elements) {
        for (Element element : elements) {
            switch (element) {
                case Name name -> checkBrackets(element, name.bracketed());
                case Element.One _ -> throw mistakes.at(element.position(),
                        "found the axis 1, which a program's values do not have",
                        mistakes.without("remove it", element.position()));
                case Group group -> {
                    if (group.elements().isEmpty()) {
                        throw mistakes.at(element.position(),
                                "'()' has no parts; a program's values have no axes of size 1",
                                mistakes.without("remove it", element.position()));
                    }
                    checkElements(group.elements());
                }
                case Ellipsis ellipsis -> {
                    if (!ellipsis.plain()) {
                        throw mistakes.at(element.position(),
                                "'" + element + "' repeats an axis, which programs do not; write the axes out");
                    }
                    checkBrackets(element, ellipsis.bracketed());
                }
            }
        }
    }

    private void checkBrackets(Element element, boolean bracketed) {
        if (bracketed) {
            throw mistakes.at(element.position(), "'" + element + "' is in brackets, which programs do not have",
                    mistakes.unbracketed("remove them", 0));
        }
    }
}
