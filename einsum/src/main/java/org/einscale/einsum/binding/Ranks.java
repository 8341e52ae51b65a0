package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Term;
import org.einscale.tensor.Axis;

/** How many axes each ellipsis stands for, from the operands' ranks. */
final class Ranks {
    private final Binder binder;
    private final Equation equation;
    private final List<long[]> shapes;
    /** Number of repetitions by name. */
    private final Map<String, Integer> repetitions = new HashMap<>();

    /**
     * Ranks of the operands.
     *
     * @throws EquationError
     *             if a rank does not fit its term, or a number of axes stays open
     */
    Ranks(Binder binder) {
        this.binder = binder;
        this.equation = binder.equation();
        this.shapes = binder.shapes();
        int before = -1;
        while (before != repetitions.size()) {
            before = repetitions.size();
            for (int i = 0; i < shapes.size(); i++) {
                solve(i);
                equation.operands().get(i).ellipses().filter(e -> repetitions(e) >= 0).forEach(this::share);
            }
        }
        for (int i = 0; i < shapes.size(); i++) {
            check(i);
        }
    }

    /** If one repetition of the term is unknown, it stands for the axes that the others leave. */
    private void solve(int operand) {
        Term term = equation.operands().get(operand);
        List<Ellipsis> unknown = ellipses(term).stream().filter(ellipsis -> repetitions(ellipsis) < 0).toList();
        if (unknown.isEmpty() || unknown.stream().anyMatch(Ellipsis::plain)
                || unknown.stream().map(Ellipsis::toString).distinct().count() > 1) {
            return;
        }
        int left = shapes.get(operand).length - known(term);
        if (left < 0 || left % unknown.size() != 0) {
            throw wrongRank(operand);
        }
        unknown.getFirst().names().forEach(name -> repetitions.put(name.axis().name(), left / unknown.size()));
    }

    /** Names that are repeated together are so the same number of times. */
    private void share(Ellipsis ellipsis) {
        ellipsis.names().forEach(name -> repetitions.putIfAbsent(name.axis().name(), repetitions(ellipsis)));
    }

    private void check(int operand) {
        Term term = equation.operands().get(operand);
        for (Ellipsis ellipsis : term.ellipses().filter(e -> !e.plain()).toList()) {
            if (repetitions(ellipsis) < 0) {
                throw binder.mistakes().at(ellipsis.position(),
                        "the ranks do not tell how many axes '" + ellipsis + "' stands for in operand " + operand
                                + " of shape " + text(shapes.get(operand)));
            }
            if (ellipsis.names().map(n -> repetitions.get(n.axis().name())).distinct().count() > 1) {
                throw binder.mistakes().at(ellipsis.position(), "the axes of '" + ellipsis
                        + "' are repeated different numbers of times elsewhere");
            }
        }
        int left = shapes.get(operand).length - known(term);
        if (left < 0 || left > 0 && ellipses(term).stream().noneMatch(Ellipsis::plain)) {
            throw wrongRank(operand);
        }
    }

    private EquationError wrongRank(int operand) {
        Term term = equation.operands().get(operand);
        int rank = shapes.get(operand).length;
        boolean atLeast = ellipses(term).stream().anyMatch(ellipsis -> repetitions(ellipsis) < 0);
        int named = known(term);
        Mistakes mistakes = binder.mistakes();
        RankRemedies remedies = new RankRemedies(mistakes, term, rank);
        return mistakes.at(term.start(), "operand " + operand + " has shape " + text(shapes.get(operand)) + ", "
                + axes(rank) + ", but its term '" + mistakes.term(term.elements()) + "' names "
                + (atLeast ? "at least " : "") + named,
                rank > named ? remedies.ofTooMany() : remedies.ofTooFew(named));
    }

    private static String axes(int rank) {
        return rank + (rank == 1 ? " axis" : " axes");
    }

    private static List<Ellipsis> ellipses(Term term) {
        return term.elements().stream().filter(Ellipsis.class::isInstance).map(Ellipsis.class::cast).toList();
    }

    /** Axes of the array that the term's elements of known width stand for. */
    private int known(Term term) {
        int known = term.elements().size() - ellipses(term).size();
        for (Ellipsis ellipsis : ellipses(term)) {
            known += Math.max(repetitions(ellipsis), 0);
        }
        return known;
    }

    /** Repetitions of its element; negative if unknown, or if it repeats nothing. */
    int repetitions(Ellipsis ellipsis) {
        return ellipsis.names().map(Name::axis).map(Axis::name).filter(repetitions::containsKey).findFirst()
                .map(name -> repetitions.getOrDefault(name, -1)).orElse(-1);
    }

    /** Axes that the plain ellipsis of an operand stands for, 0 if it has none. */
    int plainWidth(int operand) {
        Term term = equation.operands().get(operand);
        return term.hasPlainEllipsis() ? shapes.get(operand).length - known(term) : 0;
    }

    /** Axes that a plain ellipsis stands for in the result: those of the operand with most. */
    int plainWidth() {
        int width = 0;
        for (int i = 0; i < shapes.size(); i++) {
            width = Math.max(width, plainWidth(i));
        }
        return width;
    }

    static String text(long[] shape) {
        List<String> sizes = new ArrayList<>();
        for (long size : shape) {
            sizes.add(Long.toString(size));
        }
        return "(" + String.join(", ", sizes) + ")";
    }
}
