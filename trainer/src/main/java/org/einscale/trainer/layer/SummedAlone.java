package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Term;

/**
 * An axis that one operand of several has, and neither another operand nor the output: it is summed, seldom on purpose.
 *
 * @param name as it is written
 * @param position in the equation
 */
record SummedAlone(String name, int position) {

    /** All of them, in the order of the equation. */
    static List<SummedAlone> of(Equation equation) {
        List<SummedAlone> alone = new ArrayList<>();
        for (Term term : equation.operands()) {
            Set<String> elsewhere = Stream.concat(equation.operands().stream(), Stream.of(equation.result()))
                    .filter(other -> !other.equals(term)).flatMap(SummedAlone::axes).map(SummedAlone::name)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            axes(term).filter(axis -> elsewhere.add(axis.name)).forEach(alone::add);
        }
        return equation.operands().size() > 1 ? alone : List.of();
    }

    private static Stream<SummedAlone> axes(Term term) {
        return Stream.concat(term.names().map(name -> new SummedAlone(name.axis().name(), name.position())),
                term.ellipses().filter(Element.Ellipsis::plain).map(dots -> new SummedAlone("...", dots.position())));
    }

    String problem() {
        return "axis '" + name
                + "' is summed, as this operand alone has it and the output has not; if that is meant, sum"
                + " the operand first, as in sum(a, '" + name
                + "'), else name it like its partner; dot('...') refuses it";
    }
}
