package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import org.einscale.tensor.kernel.Binary;

/**
 * From a line of text to a {@link LayerStep}: characters only, no tensors and no sizes.
 *
 * <pre>
 * step       = name "=" sum
 * sum        = product { ("+" | "-") product }
 * product    = factor { ("*" | "/") factor }
 * factor     = "-" factor | number | name | call | text | "(" sum ")"
 * call       = name "(" [ sum { "," sum } ] ")"
 * text       = "'" characters "'"
 * </pre>
 */
public final class LayerParser {
    private final String where;
    private final String line;
    private int at;

    private LayerParser(String where, String line) {
        this.where = where;
        this.line = line;
    }

    /**
     * Parses {@code name = expression}.
     *
     * @param where what the line belongs to, such as {@code layer 'mlp'}, for messages
     * @throws LayerError if the line is malformed
     */
    public static LayerStep step(String where, String line) {
        LayerParser parser = new LayerParser(where, line);
        parser.skipSpaces();
        if (!parser.atName()) {
            throw parser.unexpected("the name of the step's result");
        }
        String name = parser.name();
        parser.expect('=', "'=' after '" + name + "'");
        return new LayerStep(name, parser.whole(), line, where);
    }

    /**
     * Parses an expression that fills the line.
     *
     * @throws LayerError if the line is malformed
     */
    public static Expression expression(String where, String line) {
        return new LayerParser(where, line).whole();
    }

    private Expression whole() {
        Expression expression = sum();
        if (at < line.length()) {
            throw unexpected("an operator (+ - * /) or the end of the line");
        }
        return expression;
    }

    private Expression sum() {
        Expression left = product();
        while (next('+') || next('-')) {
            int operator = at++;
            Binary function = line.charAt(operator) == '+' ? Binary.ADD : Binary.SUBTRACT;
            left = new Expression.Infix(function, left, product(), operator);
        }
        return left;
    }

    private Expression product() {
        Expression left = factor();
        while (next('*') || next('/')) {
            int operator = at++;
            Binary function = line.charAt(operator) == '*' ? Binary.MULTIPLY : Binary.DIVIDE;
            left = new Expression.Infix(function, left, factor(), operator);
        }
        return left;
    }

    private Expression factor() {
        skipSpaces();
        int start = at;
        if (next('-')) {
            at++;
            return new Expression.Negate(factor(), start);
        }
        if (next('(')) {
            at++;
            Expression inner = sum();
            expect(')', "')' for the '(' at column " + (start + 1));
            return inner;
        }
        if (next('\'') || next('"')) {
            return text();
        }
        if (at < line.length() && (Character.isDigit(line.charAt(at)) || line.charAt(at) == '.')) {
            return number();
        }
        if (!atName()) {
            throw unexpected("a name, a number, '-' or '('");
        }
        String name = name();
        return next('(') ? call(name, start) : new Expression.Name(name, start);
    }

    private Expression call(String function, int start) {
        int open = at++;
        List<Expression> arguments = new ArrayList<>();
        if (!next(')')) {
            arguments.add(sum());
            while (next(',')) {
                at++;
                arguments.add(sum());
            }
        }
        expect(')', "',' or ')' for the '(' at column " + (open + 1));
        return new Expression.Call(function, arguments, start);
    }

    private Expression text() {
        int open = at;
        int close = line.indexOf(line.charAt(open), open + 1);
        if (close < 0) {
            throw new LayerError(where, line, open, "this quote is never closed");
        }
        at = close + 1;
        return new Expression.Text(line.substring(open + 1, close), open + 1);
    }

    private Expression number() {
        int start = at;
        while (at < line.length() && continuesNumber(start)) {
            at++;
        }
        try {
            return new Expression.Number(Double.parseDouble(line.substring(start, at)), start);
        } catch (NumberFormatException _) {
            throw new LayerError(where, line, start, "'" + line.substring(start, at) + "' is not a number");
        }
    }

    /** Digits, letters, points, and a sign right after the e of an exponent. */
    private boolean continuesNumber(int start) {
        char c = line.charAt(at);
        boolean exponent = at > start && (line.charAt(at - 1) == 'e' || line.charAt(at - 1) == 'E');
        return Character.isLetterOrDigit(c) || c == '.' || (exponent && (c == '-' || c == '+'));
    }

    private boolean atName() {
        return at < line.length() && Character.isLetter(line.codePointAt(at));
    }

    private String name() {
        int start = at;
        while (at < line.length() && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_')) {
            at++;
        }
        return line.substring(start, at);
    }

    private boolean next(char c) {
        skipSpaces();
        return at < line.length() && line.charAt(at) == c;
    }

    private void expect(char c, String what) {
        if (!next(c)) {
            throw unexpected(what);
        }
        at++;
        skipSpaces();
    }

    private void skipSpaces() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }

    private LayerError unexpected(String expected) {
        skipSpaces();
        String found = at < line.length()
                ? "'" + Character.toString(line.codePointAt(at)) + "'"
                : "the end of the line";
        return new LayerError(where, line, at, "found " + found + "; expected " + expected);
    }
}
