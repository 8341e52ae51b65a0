package org.einscale.einsum.program;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Axis;

/** Which axes of values the elements of an equation's terms stand for; those of ellipses keep their names. */
final class EinsumEllipsis {

    /** An axis of a value and the element that stands for it. */
    record Place(Axis axis, Element element) {}

    private static final String DOTS = "...";

    private final Equation equation;
    private final List<Value> operands;
    private final Mistakes mistakes;
    private final List<List<Place>> places = new ArrayList<>();
    private List<Axis> axes = List.of();

    /**
     * Lays the terms along the values.
     *
     * @throws EquationError
     *             if a number of operands or a rank does not fit, or ellipses stand for axes of different names
     */
    EinsumEllipsis(Equation equation, List<Value> operands, Mistakes mistakes) {
        this.equation = equation;
        this.operands = operands;
        this.mistakes = mistakes;
        int terms = equation.operands().size();
        if (terms != operands.size()) {
            throw mistakes.at(equation.operands().get(Math.min(terms - 1, operands.size())).start(),
                    "einsum has " + terms + " terms for " + operands.size() + " operands");
        }
        for (int i = 0; i < terms; i++) {
            places.add(places(operands.get(i), i));
            align(operands.get(i), i);
        }
    }

    /** Axes that the ellipsis stands for in the result. */
    List<Axis> axes() {
        return axes;
    }

    /** The axes of an operand in order. */
    List<Place> operand(int index) {
        return places.get(index);
    }

    /** A name that neither the equation nor an operand has. */
    String newName() {
        StringBuilder name = new StringBuilder("new");
        while (isNamed(new Axis(name.toString()))
                || operands.stream().anyMatch(operand -> operand.axes().contains(new Axis(name.toString())))) {
            name.append('_');
        }
        return name.toString();
    }

    private List<Place> places(Value operand, int index) {
        Term term = equation.operands().get(index);
        int rank = operand.axes().size();
        boolean dots = term.hasPlainEllipsis();
        int named = term.elements().size() - (dots ? 1 : 0);
        if (rank < named || rank > named && !dots) {
            throw mistakes.at(term.start(), "operand " + index + ", " + text(operand) + ", has " + rank
                    + (rank == 1 ? " axis" : " axes") + ", but its term [" + term + "] names "
                    + (dots ? "at least " : "") + named);
        }
        List<Place> found = new ArrayList<>();
        for (Element element : term.elements()) {
            int count = element instanceof Ellipsis ? rank - named : 1;
            for (int i = 0; i < count; i++) {
                found.add(new Place(operand.axes().get(found.size()), element));
            }
        }
        return found;
    }

    private void align(Value operand, int index) {
        Term term = equation.operands().get(index);
        int position = term.ellipses().findFirst().map(Element::position).orElse(term.start());
        List<Axis> own = places.get(index).stream().filter(place -> place.element() instanceof Ellipsis)
                .map(Place::axis).toList();
        own.stream().filter(this::isNamed).findFirst().ifPresent(axis -> {
            throw mistakes.at(position, "'...' stands for axis '" + axis + "' of " + text(operand)
                    + ", but the equation has that name too",
                    mistakes.renaming("name that one differently", axis.name(), newName()));
        });
        List<Axis> longer = own.size() > axes.size() ? own : axes;
        List<Axis> shorter = own.size() > axes.size() ? axes : own;
        if (!longer.subList(longer.size() - shorter.size(), longer.size()).equals(shorter)) {
            throw mistakes.at(position, "'...' stands for " + Value.text(own) + " of " + text(operand) + ", but for "
                    + Value.text(axes) + " before",
                    mistakes.replacing("expected the same names from the right, or names in place of '...'", position,
                            position + DOTS.length(),
                            mistakes.newNames(own.size())),
                    Remedy.fact("expected the same names from the right"));
        }
        axes = longer;
    }

    private boolean isNamed(Axis axis) {
        return Stream.concat(equation.operands().stream(), Stream.of(equation.result())).flatMap(Term::names)
                .anyMatch(name -> name.axis().equals(axis));
    }

    private static String text(Value operand) {
        return "'" + operand.name() + "' " + Value.text(operand.axes());
    }
}
