package org.einscale.einsum.binding;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Dimension.Atom;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Axis;

/** Terms with their ellipses written out as axes with made-up names. */
final class Expansion {
    private static final int SINGLE = -1;

    private final Equation equation;
    private final Ranks ranks;
    private final Set<String> names;

    Expansion(Equation equation, Ranks ranks) {
        this.equation = equation;
        this.ranks = ranks;
        this.names = Stream.concat(equation.operands().stream(), Stream.of(equation.result())).flatMap(Term::names)
                .map(name -> name.axis().name()).collect(Collectors.toSet());
    }

    List<Dimension> operand(int operand) {
        return dimensions(equation.operands().get(operand), ranks.plainWidth(operand));
    }

    List<Dimension> result() {
        return dimensions(equation.result(), ranks.plainWidth());
    }

    private List<Dimension> dimensions(Term term, int plainWidth) {
        return term.elements().stream().flatMap(element -> dimensions(element, SINGLE, plainWidth)).toList();
    }

    private Stream<Dimension> dimensions(Element element, int repetition, int plainWidth) {
        return switch (element) {
            case Name name -> Stream.of(new Dimension(List.of(atom(name, repetition)), name));
            case Element.One one -> Stream.of(new Dimension(List.of(), one));
            case Element.Group group -> Stream.of(new Dimension(
                    group.elements().stream().flatMap(part -> dimensions(part, repetition, plainWidth))
                            .flatMap(dimension -> dimension.atoms().stream()).toList(),
                    group));
            case Ellipsis ellipsis when ellipsis.repeated().isPresent() ->
                IntStream.range(0, ranks.repetitions(ellipsis)).boxed()
                        .flatMap(i -> dimensions(ellipsis.repeated().orElseThrow(), i, plainWidth));
            case Ellipsis ellipsis -> IntStream.range(ranks.plainWidth() - plainWidth, ranks.plainWidth())
                    .mapToObj(i -> new Dimension(
                            List.of(new Atom(madeUp("ellipsis", i), "...", ellipsis.position())), ellipsis));
        };
    }

    private Atom atom(Name name, int repetition) {
        Axis axis = repetition == SINGLE ? name.axis() : madeUp(name.axis().name(), repetition);
        return new Atom(axis, name.axis().name(), name.position());
    }

    /** A name like {@code ellipsis_0}, with as many underscores as it takes to differ from all names that start so. */
    private Axis madeUp(String base, int number) {
        StringBuilder prefix = new StringBuilder(base).append('_');
        while (names.stream().anyMatch(name -> name.contentEquals(prefix) || name.startsWith(prefix.toString()))) {
            prefix.append('_');
        }
        return new Axis(prefix.toString() + number);
    }
}
