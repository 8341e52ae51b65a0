package org.einscale.einsum.equation;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.tensor.Axis;

/**
 * The axes of one array, outermost first.
 *
 * @param elements
 *            at most one plain ellipsis among them, counting those within groups
 * @param start
 *            index in the string at which the term begins
 */
public record Term(List<Element> elements, int start) {
    public Term {
        elements = List.copyOf(elements);
    }

    /** Names in it, also those within groups and repetitions. */
    public Stream<Name> names() {
        return elements.stream().flatMap(Element::names);
    }

    /** Ellipses in it, plain and repeating, also those within groups. */
    public Stream<Ellipsis> ellipses() {
        return elements.stream().flatMap(Element::ellipses);
    }

    /** The same with other names for some of its axes. */
    Term renamed(Map<Axis, Axis> names) {
        return new Term(elements.stream().map(element -> element.renamed(names)).toList(), start);
    }

    /** Whether it has a plain ellipsis. */
    public boolean hasPlainEllipsis() {
        return ellipses().anyMatch(Ellipsis::plain);
    }

    /** The elements in the words dialect. */
    @Override
    public String toString() {
        return elements.stream().map(Element::toString).collect(Collectors.joining(" "));
    }
}
