package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Dimension.Atom;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/** What a person probably meant whose sizes do not fit. */
record SizeRemedies(Binder binder, List<List<Dimension>> operands) {

    /** Of a single axis that has another size elsewhere. */
    List<Remedy> of(int operand, int index) {
        Dimension dimension = operands.get(operand).get(index);
        Mistakes mistakes = binder.mistakes();
        int at = dimension.element().position();
        Remedy another = mistakes.replacing("expected one size, or two names", at,
                at + dimension.element().toString().length(), mistakes.newName());
        Remedy stretching = Remedy.trying("size 1 stretches to others only if broadcasting is switched on",
                () -> binder.stretching().bind());
        return Stream.of(leavingOut(dimension), List.<Remedy>of(() -> fittingTerm(operand, index), stretching, another,
                Remedy.fact("expected one size"))).flatMap(List::stream).toList();
    }

    /** Of an axis with a size that was given and need not be: the size that follows without it. */
    List<Remedy> leavingOut(Dimension dimension) {
        return given(dimension).<Remedy>map(atom -> () -> {
            Map<String, Integer> others = new LinkedHashMap<>(binder.parts());
            others.remove(atom.label());
            try {
                Sizes sizes = binder.with(others).bind().sizes();
                return Optional.of("expected " + atom.label() + "=" + sizes.of(atom.axis()));
            } catch (IllegalArgumentException needed) {
                return Optional.empty();
            }
        }).toList();
    }

    /**
     * Of a composed axis that known parts do not divide: sizes of one of them near to the one it has.
     *
     * @param known
     *            sizes seen so far
     */
    List<Remedy> divisors(Dimension dimension, long size, Map<Axis, Integer> known) {
        List<Atom> parts = dimension.atoms().stream().filter(atom -> known.containsKey(atom.axis()))
                .filter(atom -> binder.parts().containsKey(atom.label()) || !atom.repeated()).toList();
        String told = parts.size() == 1 ? "the nearest divisors are " : "expected ";
        return parts.stream().<Remedy>map(part -> () -> {
            String name = parts.size() == 1 ? "" : part.label() + "=";
            int now = known.getOrDefault(part.axis(), 0);
            List<Integer> fitting = Divisors.of(size).stream().sorted().filter(n -> binds(part, n)).toList();
            Stream<Integer> nearest = Stream.concat(fitting.stream().filter(n -> n <= now).reduce((_, n) -> n).stream(),
                    fitting.stream().filter(n -> n > now).limit(1));
            return fitting.isEmpty()
                    ? Optional.empty()
                    : Optional.of(nearest.map(n -> name + n).collect(Collectors.joining(" and ", told, "")));
        }).toList();
    }

    /** Whether all fits when an axis has another size, as given or else in each array that has it by itself. */
    private boolean binds(Atom atom, int size) {
        Map<String, Integer> parts = new LinkedHashMap<>(binder.parts());
        List<long[]> shapes = binder.shapes().stream().map(long[]::clone).toList();
        if (parts.containsKey(atom.label())) {
            parts.put(atom.label(), size);
        } else {
            for (int i = 0; i < shapes.size(); i++) {
                for (int j = 0; j < shapes.get(i).length; j++) {
                    Dimension dimension = operands.get(i).get(j);
                    shapes.get(i)[j] = dimension.single() && dimension.atoms().getFirst().axis().equals(atom.axis())
                            ? size
                            : shapes.get(i)[j];
                }
            }
        }
        return Remedy.trying("", () -> new Binder(binder.equation(), shapes, parts, binder.broadcasting()).bind())
                .told().isPresent();
    }

    private Stream<Atom> given(Dimension dimension) {
        return dimension.atoms().stream().filter(atom -> binder.parts().containsKey(atom.label()));
    }

    /** The term with the axis and another changing places, if that fits. */
    private Optional<String> fittingTerm(int operand, int index) {
        Term term = binder.equation().operands().get(operand);
        List<Dimension> dimensions = operands.get(operand);
        if (!term.elements().stream().allMatch(Element.Name.class::isInstance)) {
            return Optional.empty();
        }
        Mistakes mistakes = binder.mistakes();
        int end = mistakes.endOfTerm(term.start());
        return IntStream.range(0, dimensions.size()).filter(j -> j != index).mapToObj(j -> {
            List<Axis> names = new ArrayList<>(dimensions.stream().map(d -> d.atoms().getFirst().axis()).toList());
            Collections.swap(names, index, j);
            String swapped = mistakes.term(names);
            return mistakes.replacing("its shape would fit the term '" + swapped + "'", term.start(), end,
                    swapped + " ").told();
        }).flatMap(Optional::stream).findFirst();
    }
}
