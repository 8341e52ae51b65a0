package org.einscale.einsum.equation;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.tensor.Axis;

/**
 * An einsum string taken apart: a term for each operand and one for the result. No tensors, no sizes.
 *
 * @param text
 *            the string as it was written
 * @param operands
 *            a term for each operand
 * @param result
 *            also where it was not written: it then begins at the end of the string
 */
public record Equation(String text, Dialect dialect, Rule rule, List<Term> operands, Term result) {

    /** Stands for an ellipsis among the numbers of {@link #indices()}. */
    public static final int ELLIPSIS = -1;

    public Equation {
        operands = List.copyOf(operands);
    }

    /**
     * An einsum of either dialect, see {@link Dialect#of}.
     *
     * @throws EquationError
     *             if the string is malformed; so do all other factories
     */
    public static Equation of(String text) {
        return parse(text, Dialect.of(text), Rule.CONTRACT);
    }

    /**
     * An einsum with each letter as an axis, as NumPy has it; without {@code ->} the output is the ellipsis, then every
     * letter that occurs once, in alphabetical order.
     */
    public static Equation letters(String text) {
        return parse(text, Dialect.LETTERS, Rule.CONTRACT);
    }

    /** An einsum with names separated by spaces as axes; {@code ->} is required. */
    public static Equation words(String text) {
        return parse(text, Dialect.WORDS, Rule.CONTRACT);
    }

    /** Words under {@link Rule#DOT}. */
    public static Equation dot(String text) {
        return parse(text, Dialect.WORDS, Rule.DOT);
    }

    /** Words under {@link Rule#REARRANGE}. */
    public static Equation rearrange(String text) {
        return parse(text, Dialect.WORDS, Rule.REARRANGE);
    }

    /** Words under {@link Rule#REPEAT}. */
    public static Equation repeat(String text) {
        return parse(text, Dialect.WORDS, Rule.REPEAT);
    }

    /** Words under {@link Rule#REDUCE}. */
    public static Equation reduce(String text) {
        return parse(text, Dialect.WORDS, Rule.REDUCE);
    }

    /** An einsum written as lists of numbers. */
    public static IndexLists indices() {
        return new IndexLists();
    }

    /** A string in a dialect under a rule. */
    public static Equation parse(String text, Dialect dialect, Rule rule) {
        return new EquationParser(text, dialect, rule).parse();
    }

    /** The same with other names for some of its axes. Text and places stay. */
    public Equation renamed(Map<Axis, Axis> names) {
        return new Equation(text, dialect, rule, operands.stream().map(term -> term.renamed(names)).toList(),
                result.renamed(names));
    }

    /** Names in the operands' terms, each once, in order of first appearance. */
    public List<Axis> axes() {
        return operands.stream().flatMap(Term::names).map(Name::axis).distinct().toList();
    }

    /** Whether all terms are names alone, none in the output twice: no ellipsis, group, 1 or diagonal write. */
    public boolean plain() {
        return Stream.concat(operands.stream(), Stream.of(result)).flatMap(term -> term.elements().stream())
                .allMatch(Name.class::isInstance)
                && result.elements().size() == result.names().map(Name::axis).distinct().count();
    }

    /**
     * Axes of the operands' terms.
     *
     * @throws EquationError
     *             if a term has something else than names
     */
    public List<List<Axis>> inputs() {
        return operands.stream().map(this::axes).toList();
    }

    /**
     * Axes of the result.
     *
     * @throws EquationError
     *             if it has something else than names
     */
    public List<Axis> output() {
        return axes(result);
    }

    private List<Axis> axes(Term term) {
        return term.elements().stream().map(element -> {
            if (element instanceof Name name) {
                return name.axis();
            }
            throw Mistakes.of(this, Equation::inputs).at(element.position(),
                    "found '" + element + "' where only names may stand");
        }).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
