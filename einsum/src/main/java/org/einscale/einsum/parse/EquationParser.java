package org.einscale.einsum.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.einscale.einsum.Equation;
import org.einscale.einsum.Equation.Term;
import org.einscale.einsum.EquationError;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;

/** From a string to an {@link Equation}: characters only, no tensors. */
public final class EquationParser {

    /** What counts as one axis. */
    public enum Dialect {
        /** Each letter. */
        LETTERS,
        /** Each run of letters, digits and underscores. */
        WORDS
    }

    private static final String ARROW = "->";

    private final String text;
    private final Dialect dialect;

    private EquationParser(String text, Dialect dialect) {
        this.text = text;
        this.dialect = dialect;
    }

    /** The dialect that the string is written in: words if two names stand side by side in a term with only spaces between, else letters. */
    public static Dialect dialect(String text) {
        boolean words = text.strip().matches("(?s).*[\\p{L}\\d_]\\s+[\\p{L}\\d_].*");
        return words ? Dialect.WORDS : Dialect.LETTERS;
    }

    public static Equation parse(String text, Dialect dialect) {
        return new EquationParser(text, dialect).parse();
    }

    private Equation parse() {
        int arrow = text.indexOf(ARROW);
        int inputsEnd = arrow < 0 ? text.length() : arrow;
        List<Term> operands = new ArrayList<>();
        int start = 0;
        for (int comma = text.indexOf(','); comma >= 0 && comma < inputsEnd; comma = text.indexOf(',', start)) {
            operands.add(term(start, comma));
            start = comma + 1;
        }
        operands.add(term(start, inputsEnd));
        if (arrow >= 0) {
            return new Equation(text, operands, output(operands, arrow + ARROW.length()));
        }
        if (dialect == Dialect.WORDS) {
            throw new EquationError(text, text.length(),
                    "named axes need an output; expected '->' and the names of the result's axes");
        }
        return new Equation(text, operands, implicitOutput(operands));
    }

    private Term term(int from, int to) {
        List<Axis> axes = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        int start = from;
        while (start < to && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        int at = start;
        while (at < to) {
            int c = text.codePointAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            if (!Character.isLetter(c)) {
                throw unexpected(at, c);
            }
            int end = dialect == Dialect.WORDS ? nameEnd(at, to) : at + Character.charCount(c);
            axes.add(new Axis(text.substring(at, end)));
            positions.add(at);
            at = end;
        }
        return new Term(axes, positions, start);
    }

    private int nameEnd(int from, int to) {
        int end = from;
        while (end < to && (Character.isLetterOrDigit(text.codePointAt(end)) || text.charAt(end) == '_')) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private EquationError unexpected(int at, int c) {
        String found = "found '" + Character.toString(c) + "'";
        if (text.startsWith(ARROW, at)) {
            return new EquationError(text, at, "found a second '->'; expected one");
        }
        return new EquationError(text, at, found + "; expected " + (dialect == Dialect.WORDS
                ? "a name (a letter, then letters, digits or underscores)"
                : "a letter") + ", ',' or '->'");
    }

    private Term output(List<Term> operands, int from) {
        int comma = text.indexOf(',', from);
        if (comma >= 0) {
            throw new EquationError(text, comma, "found ',' after '->'; expected one output term");
        }
        Term output = term(from, text.length());
        for (int i = 0; i < output.axes().size(); i++) {
            Axis axis = output.axes().get(i);
            if (output.axes().indexOf(axis) < i) {
                throw new EquationError(text, output.positions().get(i),
                        "the output names axis '" + axis.name() + "' twice; expected once");
            }
            if (operands.stream().noneMatch(t -> t.axes().contains(axis))) {
                List<String> known = operands.stream().flatMap(t -> t.axes().stream()).map(Axis::name).distinct()
                        .toList();
                throw new EquationError(text, output.positions().get(i),
                        "output axis '" + axis.name() + "' is in no operand's term"
                                + Nearest.to(axis.name(), known).map(n -> "; did you mean '" + n + "'?").orElse(""));
            }
        }
        return output;
    }

    /** NumPy's rule: the letters that occur exactly once, in alphabetical order. */
    private Term implicitOutput(List<Term> operands) {
        Map<String, Integer> count = new HashMap<>();
        Map<String, Integer> position = new TreeMap<>();
        for (Term term : operands) {
            for (int i = 0; i < term.axes().size(); i++) {
                count.merge(term.axes().get(i).name(), 1, Integer::sum);
                position.put(term.axes().get(i).name(), term.positions().get(i));
            }
        }
        position.keySet().removeIf(name -> count.getOrDefault(name, 0) > 1);
        return new Term(position.keySet().stream().map(Axis::new).toList(), List.copyOf(position.values()),
                text.length());
    }
}
