package org.einscale.einsum.equation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.einscale.einsum.equation.Element.Ellipsis;
import org.einscale.einsum.equation.Element.Group;
import org.einscale.einsum.equation.Element.Name;
import org.einscale.einsum.equation.Element.One;
import org.einscale.tensor.Axis;

/** From characters to terms, by recursive descent. What the terms mean together is {@link RuleCheck}'s business. */
final class EquationParser {
    private static final String ARROW = "->";
    private static final String DOTS = "...";

    /** Where an element stands. */
    private record Place(boolean inGroup, boolean inBrackets) {}

    private final String text;
    private final Dialect dialect;
    private final Rule rule;
    private final Mistakes mistakes;
    private int at;
    /** Whether the term being read has its plain ellipsis already. */
    private boolean ellipsis;

    EquationParser(String text, Dialect dialect, Rule rule) {
        this.text = text;
        this.dialect = dialect;
        this.rule = rule;
        this.mistakes = new Mistakes(text, dialect, rule, _ -> {
        });
    }

    Equation parse() {
        List<Term> operands = new ArrayList<>(List.of(term()));
        while (accept(",")) {
            operands.add(term());
        }
        Term result = accept(ARROW) ? term() : implicitOutput(operands);
        if (at < text.length()) {
            throw text.charAt(at) == ','
                    ? mistakes.at(at, "found ',' after '->'; expected one output term")
                    : mistakes.at(at, "found a second '->'; expected one");
        }
        Equation equation = new Equation(text, dialect, rule, operands, result);
        new RuleCheck(equation, mistakes).check();
        return equation;
    }

    private Term implicitOutput(List<Term> operands) {
        if (dialect == Dialect.WORDS) {
            throw mistakes.at(text.length(),
                    "named axes need an output; expected '->' and the names of the result's axes");
        }
        return ImplicitOutput.of(operands, text.length());
    }

    private Term term() {
        ellipsis = false;
        skipSpace();
        int start = at;
        List<Element> elements = elements(new Place(false, false));
        if (at < text.length() && (text.charAt(at) == ')' || text.charAt(at) == ']')) {
            throw mistakes.at(at, "found '" + text.charAt(at) + "', but nothing to close",
                    mistakes.replacing("remove it", at, at + 1, ""));
        }
        return new Term(elements, start);
    }

    private List<Element> elements(Place place) {
        List<Element> elements = new ArrayList<>();
        for (skipSpace(); !endsElements(); skipSpace()) {
            elements.addAll(elementAndRepetition(place));
        }
        return elements;
    }

    private boolean endsElements() {
        return at == text.length() || text.startsWith(ARROW, at) || text.charAt(at) == ','
                || dialect == Dialect.WORDS && (text.charAt(at) == ')' || text.charAt(at) == ']');
    }

    private List<Element> elementAndRepetition(Place place) {
        int start = at;
        boolean plain = text.charAt(at) == '.';
        List<Element> elements = element(place);
        if (dialect == Dialect.LETTERS || plain || !text.startsWith(".", at)) {
            return elements;
        }
        String written = text.substring(start, at);
        requireThreeDots();
        if (rule != Rule.DOT) {
            String dotOnly = "only in a dot, an ellipsis repeats the axis before it";
            throw mistakes.at(start, "found '" + written + "...'",
                    mistakes.replacing("expected '...' as an axis of its own, apart from '" + written + "' by a space; "
                            + dotOnly, at, at, " "),
                    Remedy.fact(dotOnly));
        }
        if (elements.size() != 1 || elements.getFirst().names().findAny().isEmpty()
                || elements.getFirst().ellipses().findAny().isPresent()) {
            throw mistakes.at(start, "found '" + written + "...'; an ellipsis repeats one name, or one group of names");
        }
        at += DOTS.length();
        return List.of(new Ellipsis(Optional.of(elements.getFirst()), start, false));
    }

    /** One element, or all those within brackets. */
    private List<Element> element(Place place) {
        int start = at;
        int c = text.codePointAt(at);
        if (c == '.') {
            return List.of(plainEllipsis(place));
        }
        if (dialect == Dialect.WORDS && c == '(') {
            return List.of(group(place));
        }
        if (dialect == Dialect.WORDS && c == '[') {
            return brackets(place);
        }
        if (dialect == Dialect.WORDS && Character.isDigit(c)) {
            return List.of(one());
        }
        if (!Character.isLetter(c)) {
            throw unexpected(c);
        }
        at = dialect == Dialect.WORDS ? nameEnd() : at + Character.charCount(c);
        return List.of(new Name(new Axis(text.substring(start, at)), start, place.inBrackets()));
    }

    private Ellipsis plainEllipsis(Place place) {
        int start = at;
        if (ellipsis) {
            throw mistakes.at(start,
                    "found '" + dots() + "', but the term has its ellipsis '...' already; expected one");
        }
        requireThreeDots();
        at += DOTS.length();
        ellipsis = true;
        return new Ellipsis(Optional.empty(), start, place.inBrackets());
    }

    private void requireThreeDots() {
        if (!dots().equals(DOTS)) {
            throw mistakes.at(at, "found '" + dots() + "'; expected '...', three dots");
        }
    }

    private String dots() {
        int end = at;
        while (end < text.length() && text.charAt(end) == '.') {
            end++;
        }
        return text.substring(at, end);
    }

    private Group group(Place place) {
        int start = at;
        if (place.inGroup()) {
            throw mistakes.at(start, "found '(' within parentheses",
                    sideBySide("expected the names side by side, as in (a b c)", ')'));
        }
        at++;
        List<Element> elements = elements(new Place(true, place.inBrackets()));
        close(start, ")");
        return new Group(elements, start);
    }

    private List<Element> brackets(Place place) {
        int start = at;
        if (place.inBrackets()) {
            throw mistakes.at(start, "found '[' within brackets",
                    sideBySide("expected the names side by side, as in [a b c]", ']'));
        }
        at++;
        List<Element> elements = elements(new Place(place.inGroup(), true));
        close(start, "]");
        return elements;
    }

    /** Without the bracket here and the next that closes. */
    private Remedy sideBySide(String told, char close) {
        int end = text.indexOf(close, at);
        return end < 0
                ? Remedy.fact("expected names")
                : mistakes.replacing(told, at, end + 1, " " + text.substring(at + 1, end) + " ");
    }

    private void close(int start, String end) {
        if (!accept(end)) {
            if (at < text.length() && (text.charAt(at) == ',' || text.startsWith(ARROW, at))
                    && closesBeforeOpening(text.charAt(start), end.charAt(0))) {
                throw mistakes.at(at,
                        "found '" + (text.charAt(at) == ',' ? "," : ARROW) + "' within '" + text.charAt(start)
                                + end + "'; expected names alone there: ',' and '->' stand between terms");
            }
            boolean crossed = at < text.length() && (text.charAt(at) == ')' || text.charAt(at) == ']');
            throw crossed
                    ? mistakes.at(at, "found '" + text.charAt(at) + "'; expected '" + end + "', which closes the '"
                            + text.charAt(start) + "' before it")
                    : mistakes.at(start, "this '" + text.charAt(start) + "' is never closed; expected '" + end + "'");
        }
    }

    /** Whether the next bracket of a kind closes: then the one that is open is closed, too late. */
    private boolean closesBeforeOpening(char open, char end) {
        int next = text.indexOf(end, at);
        int another = text.indexOf(open, at);
        return next >= 0 && (another < 0 || next < another);
    }

    private One one() {
        int start = at;
        int end = nameEnd();
        String number = text.substring(start, end);
        if (number.codePoints().anyMatch(c -> !Character.isDigit(c))) {
            throw unexpected(text.codePointAt(start));
        }
        if (!number.equals("1")) {
            throw mistakes.at(start, "found the size " + number,
                    mistakes.replacing("expected a name, whose size is given apart, or 1", start, end,
                            mistakes.newName()),
                    Remedy.fact("expected a name or 1"));
        }
        at = end;
        return new One(start);
    }

    private int nameEnd() {
        int end = at;
        while (end < text.length() && (Character.isLetterOrDigit(text.codePointAt(end)) || text.charAt(end) == '_')) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private EquationError unexpected(int c) {
        String hint = dialect == Dialect.LETTERS && "()[]1".indexOf(c) >= 0
                ? "; composed axes, brackets and the axis 1 belong to names apart by spaces (words)"
                : dialect == Dialect.LETTERS && (c == '_' || Character.isDigit(c))
                        ? "; digits and underscores belong to names apart by spaces (words)"
                        : "";
        return mistakes.at(at, "found " + shown(c) + "; expected " + (dialect == Dialect.WORDS
                ? "a name (a letter, then letters, digits or underscores)"
                : "a letter") + ", ',' or '->'" + hint);
    }

    /** A character in quotes, or the code point and name of one that cannot be seen or told from a space. */
    private static String shown(int c) {
        boolean visible = switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR, Character.CONTROL, Character.FORMAT, Character.UNASSIGNED,
                    Character.NON_SPACING_MARK, Character.SURROGATE, Character.PRIVATE_USE ->
                false;
            default -> true;
        };
        return visible
                ? "'" + Character.toString(c) + "'"
                : String.format(Locale.ROOT, "U+%04X (%s)", c, Character.getName(c));
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean accept(String token) {
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        return true;
    }
}
