package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Group;
import org.einscale.tensor.Nearest;

/** Whether the terms of an equation make sense together, and do what its rule allows. */
final class RuleCheck {
    private static final String DOTS = "...";

    /**
     * A place where an axis is named, or plain ellipsis stands, whose label is {@code ...}.
     *
     * @param repeated
     *            whether an ellipsis repeats the name
     */
    private record Use(String label, int operand, int position, boolean bracketed, boolean repeated) {}

    private final Equation equation;
    private final List<Use> inputs = new ArrayList<>();
    private final List<Use> output;

    private final Mistakes mistakes;

    RuleCheck(Equation equation, Mistakes mistakes) {
        this.equation = equation;
        this.mistakes = mistakes;
        for (int i = 0; i < equation.operands().size(); i++) {
            inputs.addAll(uses(equation.operands().get(i), i));
        }
        output = uses(equation.result(), -1);
    }

    private static List<Use> uses(Term term, int operand) {
        return term.elements().stream().flatMap(element -> uses(element, operand, false)).toList();
    }

    private static Stream<Use> uses(Element element, int operand, boolean repeated) {
        return switch (element) {
            case Element.Name name ->
                Stream.of(new Use(name.axis().name(), operand, name.position(), name.bracketed(), repeated));
            case Element.One _ -> Stream.empty();
            case Group group -> group.elements().stream().flatMap(part -> uses(part, operand, repeated));
            case Ellipsis ellipsis -> ellipsis.repeated().map(part -> uses(part, operand, true))
                    .orElse(Stream.of(new Use(DOTS, operand, ellipsis.position(), ellipsis.bracketed(), false)));
        };
    }

    /**
     * Checks everything that needs no sizes.
     *
     * @throws EquationError
     *             at the first thing that is wrong
     */
    void check() {
        checkNumberOfOperands();
        checkOperandEllipses();
        checkRepetitions();
        checkOutput();
        checkBrackets();
        switch (equation.rule()) {
            case DOT -> inputs.stream().filter(this::isSummed).forEach(this::checkContracted);
            case REARRANGE -> {
                checkNoneRepeats(inputs, "an operand");
                checkNothingIsSummed();
            }
            case REPEAT -> checkNothingIsSummed();
            case CONTRACT, REDUCE -> {
            }
        }
    }

    private void checkNumberOfOperands() {
        int count = equation.operands().size();
        if (equation.rule().unary() && count > 1) {
            throw mistakes.at(equation.operands().get(1).start(),
                    equation.rule() + " takes one operand; found " + count + " terms before '->'");
        }
        if (equation.rule() == Rule.DOT && count < 2) {
            throw mistakes.at(equation.operands().getFirst().start(),
                    "a dot takes at least two operands; found 1 term before '->'",
                    mistakes.under(Rule.CONTRACT, "to sum within one operand, use an einsum"));
        }
    }

    /** How many axes an ellipsis stands for is read off a rank, which tells nothing if it is part of one axis. */
    private void checkOperandEllipses() {
        for (Term term : equation.operands()) {
            term.elements().stream().filter(Group.class::isInstance).flatMap(Element::ellipses)
                    .filter(Ellipsis::plain).findFirst().ifPresent(ellipsis -> {
                        throw mistakes.at(ellipsis.position(),
                                "found '...' in parentheses in an operand; there its number of"
                                        + " axes is unknown, only the output's parentheses may hold it");
                    });
        }
    }

    private void checkRepetitions() {
        List<Use> all = Stream.concat(inputs.stream(), output.stream()).toList();
        for (Use use : all) {
            all.stream().filter(other -> other.label().equals(use.label()) && other.repeated() && !use.repeated())
                    .findFirst().ifPresent(_ -> {
                        int end = use.position() + use.label().length();
                        throw mistakes.at(use.position(), "axis '" + use.label() + "' is single here, but '"
                                + use.label() + "...' stands elsewhere",
                                mistakes.replacing("expected the ellipsis in both places", end, end, DOTS));
                    });
        }
    }

    private void checkOutput() {
        for (Use use : output) {
            boolean known = inputs.stream().anyMatch(input -> input.label().equals(use.label()));
            boolean mayBeNew = use.label().equals(DOTS)
                    ? equation.dialect() == Dialect.LETTERS
                    : equation.rule() == Rule.REPEAT;
            if (!known && !mayBeNew) {
                throw unknown(use);
            }
        }
        boolean mayRepeat = equation.dialect() == Dialect.WORDS && !equation.rule().unary();
        if (!mayRepeat) {
            checkNoneRepeats(output, "the output");
        }
    }

    private EquationError unknown(Use use) {
        if (use.label().equals(DOTS)) {
            return mistakes.at(use.position(), "the output has '...', but no operand's term has");
        }
        Set<String> known = new LinkedHashSet<>(inputs.stream().map(Use::label).toList());
        known.remove(DOTS);
        Set<String> missing = new LinkedHashSet<>(known);
        output.forEach(other -> missing.remove(other.label()));
        int end = use.position() + use.label().length();
        List<Remedy> remedies = new ArrayList<>();
        mistakes.withCommas().ifPresent(remedies::add);
        Nearest.to(use.label(), missing).ifPresent(near -> remedies
                .add(mistakes.replacing("did you mean '" + near + "'?", use.position(), end, near)));
        if (!known.isEmpty()) {
            remedies.add(Remedy.fact("known are " + String.join(", ", known)));
        }
        return mistakes.at(use.position(), "output axis '" + use.label() + "' is in no operand's term", remedies);
    }

    private void checkNoneRepeats(List<Use> uses, String where) {
        Set<String> seen = new LinkedHashSet<>();
        for (Use use : uses) {
            if (!seen.add(use.label())) {
                String name = where.equals("the output") ? "the output" : equation.rule() + "'s operand";
                throw mistakes.at(use.position(), name + " names axis '" + use.label() + "' twice; expected once",
                        diagonal());
            }
        }
    }

    /** The same in words, which may write a diagonal. */
    private Remedy diagonal() {
        String words = equation.operands().stream().map(Term::toString).collect(Collectors.joining(", ")) + " -> "
                + equation.result();
        return equation.dialect() == Dialect.LETTERS
                ? Remedy.trying("to write a diagonal, name the axes in words: '" + words + "'",
                        () -> Equation.words(words))
                : Optional::empty;
    }

    /** An axis is in brackets everywhere or nowhere; if there are brackets, everything summed in a dot is in some. */
    private void checkBrackets() {
        for (Use use : output) {
            if (use.bracketed()) {
                throw mistakes.at(use.position(), "found '" + use.label()
                        + "' in brackets in the output; they mark what is summed",
                        mistakes.unbracketed("remove them", equation.result().start()));
            }
        }
        for (Use use : inputs) {
            if (use.bracketed() && !isSummed(use)) {
                throw mistakes.at(use.position(),
                        "axis '" + use.label() + "' is in brackets, which mark what is summed,"
                                + " but the output has it",
                        mistakes.unbracketed("remove the brackets", 0));
            }
            boolean elsewhere = inputs.stream()
                    .anyMatch(other -> other.bracketed()
                            && (other.label().equals(use.label()) || equation.rule() == Rule.DOT));
            if (elsewhere && !use.bracketed() && isSummed(use)) {
                throw mistakes.at(use.position(),
                        "axis '" + use.label() + "' is summed without brackets, but other axes"
                                + " or places have them",
                        bracketed(use),
                        mistakes.appending("put it in the output", use.label()),
                        mistakes.unbracketed("remove those", 0));
            }
        }
    }

    private Remedy bracketed(Use use) {
        int end = use.position() + use.label().length();
        return mistakes.replacing("write [" + use.label() + "]", use.position(), end, "[" + use.label() + "]");
    }

    private boolean isSummed(Use use) {
        return output.stream().noneMatch(o -> o.label().equals(use.label()));
    }

    private void checkContracted(Use use) {
        List<Use> same = inputs.stream().filter(other -> other.label().equals(use.label())).toList();
        long operands = same.stream().mapToInt(Use::operand).distinct().count();
        String axis = use.label().equals(DOTS) ? "'...'" : "axis '" + use.label() + "'";
        if (operands < 2) {
            throw mistakes.at(use.position(), axis + " would be summed within operand " + use.operand() + " only; a dot"
                    + " sums over axes of " + (use.bracketed() ? "exactly" : "at least") + " two operands",
                    keptOr("put it in the output", use, mistakes.under(Rule.CONTRACT, "use an einsum")));
        }
        if (same.size() > operands) {
            Use twice = same.stream().filter(u -> same.stream()
                    .anyMatch(before -> before.operand() == u.operand() && before.position() < u.position()))
                    .findFirst().orElseThrow();
            throw mistakes.at(twice.position(), axis + " is summed, but repeated within operand " + twice.operand()
                    + "; a dot takes it once from each",
                    keptOr("put it in the output", use, mistakes.under(Rule.CONTRACT, "use an einsum")));
        }
        if (use.bracketed() && operands > 2) {
            throw mistakes.at(same.getLast().position(), axis + " is in brackets in " + operands
                    + " operands; expected exactly two",
                    mistakes.unbracketed("remove the brackets to sum over all of them", 0));
        }
    }

    private void checkNothingIsSummed() {
        inputs.stream().filter(this::isSummed).findFirst().ifPresent(use -> {
            throw mistakes.at(use.position(), "axis '" + use.label() + "' is not in the output; " + equation.rule()
                    + " keeps all axes",
                    keptOr("add it there", use, mistakes.under(Rule.REDUCE, "use a reduction")));
        });
    }

    /** To have the axis in the output too, or something else. */
    private List<Remedy> keptOr(String told, Use use, Remedy other) {
        Remedy kept = mistakes.appending(told, use.label() + (use.repeated() ? DOTS : ""));
        return List.of(kept.or(other), kept, other);
    }
}
