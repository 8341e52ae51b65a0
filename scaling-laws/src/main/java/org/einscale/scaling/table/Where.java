package org.einscale.scaling.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.scaling.ScalingException;

/**
 * A condition on the rows of a table: comparisons ({@code <}, {@code <=}, {@code =}, {@code !=}, {@code >=}, {@code >}) of columns, numbers
 * and texts in single quotes, joined by {@code and}, {@code or}, {@code not} and parentheses. A column whose name is no word stands in
 * double quotes or backticks, as in {@code "Model Size" < 1e9 and status = 'finished'}.
 */
public final class Where {

    private static final Pattern TOKEN = Pattern.compile("\\s*(?:\"([^\"]*)\"|`([^`]*)`|'([^']*)'"
            + "|([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-z_][A-Za-z0-9_.-]*)"
            + "|(<=|>=|==|!=|<|>|=|\\(|\\))|(\\S))");

    private enum Kind {
        COLUMN, TEXT, NUMBER, WORD, SYMBOL, END
    }

    private record Token(Kind kind, String text, int place) {}

    /** A part of the condition, given a row's cells by name. */
    private interface Test {
        boolean of(Function<String, String> cells);
    }

    private interface Operand {
        String of(Function<String, String> cells);
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final List<String> columns = new ArrayList<>();
    private final Test test;
    private int next;

    private Where(String text) {
        this.text = text;
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find(end)) {
            end = matcher.end();
            tokens.add(token(matcher));
        }
        tokens.add(new Token(Kind.END, "", text.length()));
        this.test = or();
        if (peek().kind != Kind.END) {
            throw wrong("'and', 'or', or the end");
        }
    }

    /** @throws ScalingException where the text is no condition, with the place */
    public static Where of(String text) {
        return new Where(text);
    }

    /** The columns compared. */
    public List<String> columns() {
        return List.copyOf(columns);
    }

    /**
     * Whether a row meets the condition.
     *
     * @param cells the text of each column by its name
     */
    public boolean holds(Function<String, String> cells) {
        return test.of(cells);
    }

    private static Token token(Matcher matcher) {
        Kind[] kinds = {Kind.COLUMN, Kind.COLUMN, Kind.TEXT, Kind.NUMBER, Kind.WORD, Kind.SYMBOL, Kind.SYMBOL};
        for (int i = 0; i < kinds.length; i++) {
            Optional<String> group = Optional.ofNullable(matcher.group(i + 1));
            if (group.isPresent()) {
                return new Token(kinds[i], group.get(), matcher.start(i + 1));
            }
        }
        throw new IllegalStateException(matcher.group());
    }

    private Test or() {
        Test left = and();
        while (word("or")) {
            Test first = left;
            Test second = and();
            left = cells -> first.of(cells) || second.of(cells);
        }
        return left;
    }

    private Test and() {
        Test left = not();
        while (word("and")) {
            Test first = left;
            Test second = not();
            left = cells -> first.of(cells) && second.of(cells);
        }
        return left;
    }

    private Test not() {
        if (word("not")) {
            Test inner = not();
            return cells -> !inner.of(cells);
        }
        if (peek().text.equals("(") && peek().kind == Kind.SYMBOL) {
            next++;
            Test inner = or();
            if (!peek().text.equals(")")) {
                throw wrong("')'");
            }
            next++;
            return inner;
        }
        return comparison();
    }

    private Test comparison() {
        Operand left = operand();
        Token operator = peek();
        if (operator.kind != Kind.SYMBOL || !operator.text.matches("<=?|>=?|[=!]=|=")) {
            throw wrong("one of < <= = != >= >");
        }
        next++;
        Operand right = operand();
        return cells -> compare(left.of(cells), operator.text, right.of(cells));
    }

    private Operand operand() {
        Token token = peek();
        switch (token.kind) {
            case COLUMN, WORD -> {
                columns.add(token.text);
                next++;
                return cells -> cells.apply(token.text);
            }
            case TEXT, NUMBER -> {
                next++;
                return cells -> token.text;
            }
            case SYMBOL, END -> throw wrong("a column, a number, or a text in single quotes");
        }
        throw new IllegalStateException();
    }

    /** Numbers compare as such; where one side is none, texts are equal or not, and nothing else holds. */
    private static boolean compare(String left, String operator, String right) {
        Optional<Double> a = Csv.finite(left);
        Optional<Double> b = Csv.finite(right);
        if (a.isEmpty() || b.isEmpty()) {
            return operator.equals("!=") != left.equals(right) && operator.matches("!?==?");
        }
        int order = Double.compare(a.get() + 0.0, b.get() + 0.0);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            case "!=" -> order != 0;
            default -> order == 0;
        };
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean word(String word) {
        boolean there = peek().kind == Kind.WORD && peek().text.equals(word);
        next += there ? 1 : 0;
        return there;
    }

    private ScalingException wrong(String expected) {
        Token token = peek();
        return new ScalingException(
                String.format(Locale.ROOT, "condition %s, character %d: expected %s, found %s", text,
                        token.place + 1, expected, token.kind == Kind.END ? "the end" : "'" + token.text + "'"));
    }

    @Override
    public String toString() {
        return text;
    }
}
