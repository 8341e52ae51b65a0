package org.einscale.scaling.law;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.Nearest;

/**
 * Reads a formula. Definitions may come before it, each ended by a semicolon:
 *
 * <pre>
 * formula    = { name "=" sum ";" } sum
 * sum        = product { ("+" | "-") product }
 * product    = signed { ("*" | "/") signed }
 * signed     = [ "-" ] power
 * power      = atom [ "^" signed ]
 * atom       = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
 * function   = exp | log | sqrt | min | max | signed
 * </pre>
 */
final class FormulaParser {

    private static final Pattern TOKEN = Pattern
            .compile("\\s*(?:([0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+\\.)|([A-Za-z_][A-Za-z0-9_]*)|(\\S))");
    private static final Set<String> FUNCTIONS = Set.of("exp", "log", "sqrt", "min", "max", "signed");
    private static final String END = "";

    /**
     * A word of the text.
     *
     * @param text what it is; empty at the end
     * @param place where it begins, from 0
     */
    private record Token(String text, int place) {

        boolean isName() {
            return !text.isEmpty() && (Character.isLetter(text.charAt(0)) || text.charAt(0) == '_');
        }

        boolean isNumber() {
            return !text.isEmpty() && (Character.isDigit(text.charAt(0)) || text.length() > 1 && text.charAt(0) == '.');
        }
    }

    private final String text;
    private final Set<String> inputs;
    private final Map<String, Node> defined = new HashMap<>();
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    private FormulaParser(String text, Set<String> inputs) {
        this.text = text;
        this.inputs = inputs;
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find(end)) {
            end = matcher.end();
            for (int group = 1; group <= 3; group++) {
                Optional.ofNullable(matcher.group(group)).ifPresent(found -> tokens
                        .add(new Token(found, matcher.end() - found.length())));
            }
        }
        tokens.add(new Token(END, text.length()));
    }

    /** @throws ScalingException that shows the place where something else was expected */
    static Node parse(String text, Set<String> inputs) {
        return new FormulaParser(text, inputs).formula();
    }

    private Node formula() {
        while (peek().isName() && tokens.get(next + 1).text.equals("=")) {
            Token name = take();
            if (inputs.contains(name.text) || FUNCTIONS.contains(name.text)) {
                throw wrong(name, "a name of its own for what is defined");
            }
            take();
            defined.put(name.text, sum());
            expect(";");
        }
        Node formula = sum();
        if (!peek().text.equals(END)) {
            throw wrong(peek(), "an operator, or the end");
        }
        return formula;
    }

    private Node sum() {
        var parts = new ArrayList<Node>(List.of(product()));
        while (at("+") || at("-")) {
            boolean minus = take().text.equals("-");
            Node part = product();
            parts.add(minus ? minus(part) : part);
        }
        return parts.size() == 1 ? parts.getFirst() : new Node.Sum(List.copyOf(parts));
    }

    private Node product() {
        var parts = new ArrayList<Node>(List.of(signed()));
        while (at("*") || at("/")) {
            boolean over = take().text.equals("/");
            Node part = signed();
            parts.add(over ? new Node.Power(part, new Node.Number(-1)) : part);
        }
        return parts.size() == 1 ? parts.getFirst() : new Node.Product(List.copyOf(parts));
    }

    private Node signed() {
        if (!at("-")) {
            return power();
        }
        take();
        return minus(power());
    }

    private static Node minus(Node part) {
        return part instanceof Node.Number(var value)
                ? new Node.Number(-value)
                : new Node.Product(List.of(new Node.Number(-1), part));
    }

    private Node power() {
        Node base = atom();
        if (!at("^")) {
            return base;
        }
        take();
        return new Node.Power(base, signed());
    }

    private Node atom() {
        Token token = take();
        if (token.isNumber()) {
            return new Node.Number(Double.parseDouble(token.text));
        }
        if (token.text.equals("(")) {
            Node inner = sum();
            expect(")");
            return inner;
        }
        if (!token.isName()) {
            throw wrong(token, "a number, a name or '('");
        }
        return at("(") ? call(token) : name(token);
    }

    private Node name(Token token) {
        String name = token.text;
        if (defined.containsKey(name)) {
            return defined.getOrDefault(name, new Node.Number(Double.NaN));
        }
        if (inputs.contains(name)) {
            return new Node.Input(name);
        }
        if (inputs.contains(name.toLowerCase(Locale.ROOT))) {
            throw wrong(token, "'" + name.toLowerCase(Locale.ROOT) + "', as inputs are written,");
        }
        return new Node.Parameter(name, false);
    }

    private Node call(Token function) {
        if (!FUNCTIONS.contains(function.text)) {
            throw wrong(function, "a function, one of exp, log, sqrt, min, max, signed"
                    + Nearest.to(function.text, FUNCTIONS).map(near -> " (" + near + "?)").orElse("") + ",");
        }
        take();
        var arguments = new ArrayList<Node>(List.of(sum()));
        while (at(",")) {
            take();
            arguments.add(sum());
        }
        Token end = peek();
        expect(")");
        boolean pair = function.text.equals("min") || function.text.equals("max");
        if (arguments.size() != (pair ? 2 : 1)) {
            throw wrong(end, function.text + " of " + (pair ? "two things" : "one thing") + " before this,");
        }
        Node first = arguments.getFirst();
        return switch (function.text) {
            case "exp" -> new Node.Exp(first);
            case "log" -> new Node.Log(first);
            case "sqrt" -> new Node.Power(first, new Node.Number(0.5));
            case "min", "max" -> new Node.Choice(function.text.equals("min"), first, arguments.getLast());
            default -> {
                if (!(first instanceof Node.Parameter(var name, _))) {
                    throw wrong(end, "signed of a parameter's name before this,");
                }
                yield new Node.Parameter(name, true);
            }
        };
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean at(String symbol) {
        return peek().text.equals(symbol);
    }

    private Token take() {
        Token token = peek();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    private void expect(String symbol) {
        Token token = take();
        if (!token.text.equals(symbol)) {
            throw wrong(token, "'" + symbol + "'");
        }
    }

    private ScalingException wrong(Token token, String expected) {
        return new ScalingException(String.format(Locale.ROOT, "law \"%s\", character %d: expected %s found %s", text,
                token.place + 1, expected.endsWith(",") ? expected : expected + ",",
                token.text.equals(END) ? "the end" : "'" + token.text + "'"));
    }

    /** A node with each part replaced, from the leaves up. */
    static Node replace(Node node, UnaryOperator<Node> with) {
        return with.apply(switch (node) {
            case Node.Number _,Node.Input _,Node.Parameter _ -> node;
            case Node.Sum(var parts) -> new Node.Sum(parts.stream().map(part -> replace(part, with)).toList());
            case Node.Product(var parts) -> new Node.Product(parts.stream().map(part -> replace(part, with)).toList());
            case Node.Power(var base, var exponent) -> new Node.Power(replace(base, with), replace(exponent, with));
            case Node.Exp(var of) -> new Node.Exp(replace(of, with));
            case Node.Log(var of) -> new Node.Log(replace(of, with));
            case Node.Choice(var least, var left, var right) ->
                new Node.Choice(least, replace(left, with), replace(right, with));
        });
    }
}
