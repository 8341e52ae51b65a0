package org.einscale.einsum.equation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.tensor.Axis;

/** What stands for an axis, or for several, in a {@link Term}. Printed as it is written, without brackets. */
public sealed interface Element {

    /** Index in the string at which the element begins. */
    int position();

    /** Names in it, at any depth, in order. */
    Stream<Name> names();

    /** Ellipses in it, at any depth, in order. */
    Stream<Ellipsis> ellipses();

    /** The same with other names for some axes. */
    default Element renamed(Map<Axis, Axis> names) {
        return switch (this) {
            case Name name -> new Name(names.getOrDefault(name.axis(), name.axis()), name.position(), name.bracketed());
            case One one -> one;
            case Group group -> new Group(group.elements().stream().map(part -> part.renamed(names)).toList(),
                    group.position());
            case Ellipsis dots -> new Ellipsis(dots.repeated().map(part -> part.renamed(names)), dots.position(),
                    dots.bracketed());
        };
    }

    /**
     * An axis by name.
     *
     * @param bracketed
     *            whether it stands in brackets, which mark it as contracted
     */
    record Name(Axis axis, int position, boolean bracketed) implements Element {
        @Override
        public Stream<Name> names() {
            return Stream.of(this);
        }

        @Override
        public Stream<Ellipsis> ellipses() {
            return Stream.empty();
        }

        @Override
        public String toString() {
            return axis.name();
        }
    }

    /** The axis {@code 1}, of size 1. */
    record One(int position) implements Element {
        @Override
        public Stream<Name> names() {
            return Stream.empty();
        }

        @Override
        public Stream<Ellipsis> ellipses() {
            return Stream.empty();
        }

        @Override
        public String toString() {
            return "1";
        }
    }

    /**
     * A composed axis such as {@code (h k)}: its size is the product of the parts', the first is outermost.
     *
     * @param elements
     *            no groups; empty for an axis of size 1
     */
    record Group(List<Element> elements, int position) implements Element {
        public Group {
            elements = List.copyOf(elements);
        }

        @Override
        public Stream<Name> names() {
            return elements.stream().flatMap(Element::names);
        }

        @Override
        public Stream<Ellipsis> ellipses() {
            return elements.stream().flatMap(Element::ellipses);
        }

        @Override
        public String toString() {
            return elements.stream().map(Element::toString).collect(Collectors.joining(" ", "(", ")"));
        }
    }

    /**
     * Any number of axes. Plain {@code ...} stands for the same axes in all terms, aligned from the right, where size 1
     * stretches. {@code s...} or {@code (s t)...} is the element as often as the ranks ask for, each time with axes of its
     * own; all repetitions of one name have the same number.
     *
     * @param repeated
     *            a name or a group of names; empty for a plain ellipsis
     * @param bracketed
     *            whether a plain ellipsis stands in brackets
     */
    record Ellipsis(Optional<Element> repeated, int position, boolean bracketed) implements Element {

        /** Whether it is {@code ...} alone. */
        public boolean plain() {
            return repeated.isEmpty();
        }

        @Override
        public Stream<Name> names() {
            return repeated.stream().flatMap(Element::names);
        }

        @Override
        public Stream<Ellipsis> ellipses() {
            return Stream.of(this);
        }

        @Override
        public String toString() {
            return repeated.map(Element::toString).orElse("") + "...";
        }
    }
}
