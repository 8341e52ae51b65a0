package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Name;

/** The output that letters without an arrow stand for. */
final class ImplicitOutput {
    private ImplicitOutput() {
    }

    /** NumPy's rule: the ellipsis if there is one, then the letters that occur exactly once, in the order of their code points. */
    static Term of(List<Term> operands, int start) {
        Map<String, List<Name>> letters = new TreeMap<>(Comparator.comparingInt((String name) -> name.codePointAt(0)));
        operands.stream().flatMap(Term::names)
                .forEach(name -> letters.computeIfAbsent(name.axis().name(), _ -> new ArrayList<>()).add(name));
        Stream<Ellipsis> ellipsis = operands.stream().flatMap(Term::ellipses).limit(1);
        Stream<Name> once = letters.values().stream().filter(names -> names.size() == 1).map(List::getFirst);
        return new Term(Stream.<Element>concat(ellipsis, once).toList(), start);
    }
}
