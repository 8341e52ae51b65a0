package org.einscale.einsum.equation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            DOT       | a b, b c -> a c
            DOT       | a [b], [b] c -> a c
            DOT       | a [b...], [b...] c -> a c
            DOT       | [...] a, [...] -> a
            DOT       | "... b, ... -> b"
            DOT       | a b, a b, a b -> a
            DOT       | a a [b], c c [b] -> a c
            DOT       | b (s [s2])... [c1], [s2... c1] c2 -> b s... c2
            DOT       | a, a -> a a
            REARRANGE | a (b c) -> (a b) c
            REARRANGE | a 1 b -> b 1 1 a
            REARRANGE | a ... -> ... a
            REARRANGE | a ... -> a (...)
            REPEAT    | a -> a b
            REPEAT    | a ... -> (a b) ... c
            REDUCE    | a b ... -> a
            REDUCE    | (a b) -> b
            REDUCE    | a [b] -> a
            REDUCE    | a a -> a
            """)
    void allows(Rule rule, String text) {
        assertThat(Equation.parse(text, Dialect.WORDS, rule).rule()).isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # rule    | wrong                  | valid                     | at | part of the message
            DOT       | a b -> a               | a b, b -> a               | 0  | a dot takes at least two operands; found 1 term before '->'; to sum within one operand, use an einsum
            DOT       | a b, a c -> b          | a b, a c -> b c           | 7  | axis 'c' would be summed within operand 1 only; a dot sums over axes of at least two operands; put it in the output
            DOT       | [a a], [a] ->          | [a], [a] ->               | 3  | axis 'a' is summed, but repeated within operand 0
            DOT       | a [b], [c] d -> a d    | a [b], [b] d -> a d       | 3  | axis 'b' would be summed within operand 0 only; a dot sums over axes of exactly two operands
            DOT       | [a], [a], [a] b -> b   | a, a, a b -> b            | 11 | axis 'a' is in brackets in 3 operands; expected exactly two
            DOT       | a [b] c, [b] c -> a    | a [b c], [b c] -> a       | 6  | axis 'c' is summed without brackets
            DOT       | a ..., a b -> a b      | a ..., a b -> a b ...     | 2  | '...' would be summed within operand 0 only
            DOT       | a s..., s -> a s...    | a s..., s... -> a s...    | 8  | axis 's' is single here, but 's...' stands elsewhere
            DOT       | [a b]..., a... -> b... | [a]... b, [a]... -> b   | 0  | found '[a b]...'; an ellipsis repeats one name, or one group of names
            DOT       | ()... a, a -> a        | () a, a -> a              | 0  | an ellipsis repeats one name
            DOT       | (a b...)..., c -> c    | (a b)..., c -> c a... b... | 0 | an ellipsis repeats one name
            DOT       | a.., a -> a            | a..., a... -> a...        | 1  | found '..'; expected '...', three dots
            REARRANGE | a, b -> a b            | a b -> a b                | 3  | rearrange takes one operand; found 2 terms before '->'
            REARRANGE | a b -> a               | a b -> a b                | 2  | axis 'b' is not in the output; rearrange keeps all axes
            REARRANGE | a ... -> a             | a ... -> a ...            | 2  | axis '...' is not in the output
            REARRANGE | a a -> a               | a b -> a b                | 2  | rearrange's operand names axis 'a' twice
            REARRANGE | a -> a a               | a -> a 1                  | 7  | the output names axis 'a' twice
            REARRANGE | a -> a b               | a -> a 1                  | 7  | output axis 'b' is in no operand's term
            REPEAT    | a, b -> a b            | a -> a b                  | 3  | repeat takes one operand
            REPEAT    | a b -> a c             | a b -> a b c              | 2  | axis 'b' is not in the output; repeat keeps all axes
            REPEAT    | a -> a b b             | a -> a b c                | 9  | the output names axis 'b' twice
            REDUCE    | a b, b -> a            | a b -> a                  | 5  | reduce takes one operand
            REDUCE    | a b -> a c             | a b -> a                  | 9  | output axis 'c' is in no operand's term
            REDUCE    | a b -> a a             | a b -> a                  | 9  | the output names axis 'a' twice
            """)
    void refuses(Rule rule, String wrong, String valid, int position, String part) {
        assertThat(Equation.parse(valid, Dialect.WORDS, rule).text()).isEqualTo(valid);
        Caret.refused(() -> Equation.parse(wrong, Dialect.WORDS, rule), wrong, position, part);
    }
}
