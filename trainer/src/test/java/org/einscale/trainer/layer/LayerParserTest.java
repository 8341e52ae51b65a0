package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // line                   | tree
        "y = a + b * c            | (a + (b * c))",
        "y = (a + b) * c          | ((a + b) * c)",
        "y = a - b - c            | ((a - b) - c)",
        "y = a / b / c            | ((a / b) / c)",
        "y = -a * b               | (-a * b)",
        "y = a - -1.5e-3          | (a - -0.0015)",
        "y = f(a, g(b), 'b l d')  | f(a, g(b), 'b l d')",
        "y=.5*f()                 | (0.5 * f())",
    })
    void bindsAsArithmeticDoes(String line, String tree) {
        assertThat(text(LayerParser.step("test", line).expression())).isEqualTo(tree);
    }

    private static String text(Expression expression) {
        return switch (expression) {
            case Expression.Number(double value, int _) -> Double.toString(value).replaceAll("1.5E-3", "0.0015");
            case Expression.Name(String name, int _) -> name;
            case Expression.Text(String text, int _) -> "'" + text + "'";
            case Expression.Negate(Expression argument, int _) -> "-" + text(argument);
            case Expression.Infix(var operator, Expression left, Expression right, int _) ->
                "(" + text(left) + switch (operator) {
                    case ADD -> " + ";
                    case SUBTRACT -> " - ";
                    case MULTIPLY -> " * ";
                    default -> " / ";
                } + text(right) + ")";
            case Expression.Call(String function, var arguments, int _) ->
                function + "(" + String.join(", ", arguments.stream().map(LayerParserTest::text).toList()) + ")";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // line           | position | problem
        "y a + b          | 2  | found 'a'; expected '=' after 'y'",
        "= a              | 0  | found '='; expected the name of the step's result",
        "``               | 0  | found the end of the line; expected the name of the step's result",
        "y =              | 3  | found the end of the line; expected a name, a number, '-' or '('",
        "y = a +          | 7  | found the end of the line; expected a name, a number, '-' or '('",
        "y = a ^ 2        | 6  | found '^'; expected an operator (+ - * /) or the end of the line",
        "y = a b          | 6  | found 'b'; expected an operator (+ - * /) or the end of the line",
        "y = (a + b       | 10 | found the end of the line; expected ')' for the '(' at column 5",
        "y = f(a, b       | 10 | found the end of the line; expected ',' or ')' for the '(' at column 6",
        "y = f(a 'd')     | 8  | found '''; expected ',' or ')' for the '(' at column 6",
        "y = f(a,)        | 8  | found ')'; expected a name, a number, '-' or '('",
        "y = f(a, 'd)     | 9  | this quote is never closed",
        "y = 1.2.3        | 4  | '1.2.3' is not a number",
        "y = 2a           | 4  | '2a' is not a number",
    })
    void errorsPointAtThePlace(String line, int position, String problem) {
        LayerError error = catchThrowableOfType(LayerError.class, () -> LayerParser.step("layer 'test'", line));
        assertThat(error)
                .hasMessage("layer 'test': " + problem + "\n    " + line + "\n    " + " ".repeat(position) + "^");
        assertThat(error.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            幅 = a ^ 2             | 7
            y = f('e\u0301') ^ 2  | 11
            """)
    void caretsStandUnderTheirPlace(String line, int columns) {
        assertThat(catchThrowableOfType(LayerError.class, () -> LayerParser.step("layer 'test'", line)))
                .hasMessageEndingWith("\n    " + line + "\n    " + " ".repeat(columns) + "^");
    }

    @Test
    void aLineOfSeveralIsShownInOne() {
        assertThat(new LayerError("layer 'test'", "y = a\n\t^ 2", 7, "found '^'"))
                .hasMessage("layer 'test': found '^'\n    y = a  ^ 2\n           ^");
    }

    @Test
    void placesAreKept() {
        Expression.Infix infix = (Expression.Infix) LayerParser.step("test", "y = a + f('d')").expression();
        assertThat(infix.left().at()).isEqualTo(4);
        assertThat(infix.at()).isEqualTo(6);
        Expression.Call call = (Expression.Call) infix.right();
        assertThat(call.at()).isEqualTo(8);
        assertThat(call.arguments().getFirst().at()).isEqualTo(11);
    }
}
