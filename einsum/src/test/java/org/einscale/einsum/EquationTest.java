package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            # each letter is an axis
            ij,jk->ik                   | [i j], [j k] -> [i k]
            bld,dhk->bhlk               | [b l d], [d h k] -> [b h l k]
            ii->i                       | [i i] -> [i]
            i->                         | [i] -> []
            ,->                         | [], [] -> []
            "ij , jk -> ik"             | [i j], [j k] -> [i k]
            Aa,aA->                     | [A a], [a A] -> []
            αβ,βγ->αγ                   | [α β], [β γ] -> [α γ]
            # without an arrow: the letters that occur once, in alphabetical order
            ij,jk                       | [i j], [j k] -> [i k]
            ji                          | [j i] -> [i j]
            ii                          | [i i] -> []
            bA                          | [b A] -> [A b]
            ""                          | [] -> []
            # names with spaces between them in any term are axes as a whole
            b l d, d h k -> b h l k     | [b l d], [d h k] -> [b h l k]
            batch len, len -> batch     | [batch len], [len] -> [batch]
            head1 q_k, q_k -> head1     | [head1 q_k], [q_k] -> [head1]
            one one -> one              | [one one] -> [one]
            "  a  b ,b->  a  "          | [a b], [b] -> [a]
            """)
    void isTakenApart(String text, String terms) {
        assertThat(terms(Equation.of(text))).isEqualTo(terms);
    }

    /** Each mistake beside the nearest string without it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # wrong             | valid              | at | part of the message
            i->ij               | ij->ij             | 4  | output axis 'j' is in no operand's term
            i j -> k            | i j -> i           | 7  | output axis 'k' is in no operand's term
            batch len -> bacth  | batch len -> batch | 13 | did you mean 'batch'?
            a->aa               | a->a               | 4  | the output names axis 'a' twice; expected once
            "a b -> b a b"      | a b -> b a         | 11 | the output names axis 'b' twice; expected once
            ab,bc->a,c          | ab,bc->ac          | 8  | found ',' after '->'; expected one output term
            ab->b->a            | ab->b              | 5  | found a second '->'; expected one
            i%->i               | i->i               | 1  | found '%'; expected a letter, ',' or '->'
            i1->i               | i->i               | 1  | found '1'; expected a letter
            a 1b -> a           | a b1 -> a          | 2  | found '1'; expected a name
            a _b -> a           | a b_ -> a          | 2  | found '_'; expected a name
            ab-bc               | ab->b              | 2  | found '-'; expected a letter
            ab>b                | ab->b              | 2  | found '>'; expected a letter
            i..                 | i                  | 1  | found '.'; expected a letter
            i j k               | i j k -> i j k     | 5  | named axes need an output; expected '->'
            """)
    void isRefusedUnderTheMistake(String wrong, String valid, int position, String part) {
        assertThat(Equation.of(valid).text()).isEqualTo(valid);
        EquationError error = catchThrowableOfType(EquationError.class, () -> Equation.of(wrong));
        assertThat(error.position()).isEqualTo(position);
        assertThat(error.getMessage()).contains(part);
        assertCaret(error, wrong, position);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # equation          | wrong        | valid       | at | part of the message
            ij,jk->ik           | 2 3, 4 5     | 2 3, 3 5    | 3  | axis 'j' is 4 in operand 1 of shape (4, 5), but 3 in operand 0
            ii->i               | 2 3          | 3 3         | 1  | axis 'i' is 3 in operand 0 of shape (2, 3), but 2 in operand 0
            bix,iox->box        | 12 7 2, 12 7 2 | 12 7 2, 7 3 2 | 4 | axis 'i' is 12 in operand 1 of shape (12, 7, 2), but 7 in operand 0
            A,A->A              | 2, 2 2       | 2, 2        | 2  | operand 1 has shape (2, 2), 2 axes, but its term names 1
            a b -> a            | 3            | 3 1         | 0  | operand 0 has shape (3), 1 axes, but its term names 2
            ab,bc->ac           | 2 3          | 2 3, 3 4    | 3  | it has 2 terms, but 1 operand was given
            ab,bc->ac           | 2 3, 3 4, 4 4 | 2 3, 3 4   | 9  | it has 2 terms, but 3 operands were given
            """)
    void shapesMustFit(String text, String wrong, String valid, int position, String part) {
        Equation equation = Equation.of(text);
        assertThat(equation.bind(shapes(valid))).containsOnlyKeys(
                equation.inputs().stream().flatMap(List::stream).distinct().toArray(Axis[]::new));
        EquationError error = catchThrowableOfType(EquationError.class, () -> equation.bind(shapes(wrong)));
        assertThat(error.position()).isEqualTo(position);
        assertThat(error.getMessage()).contains(part);
        assertCaret(error, text, position);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            batch,batch->batch | [batch], [batch] -> [batch]
            b,b->b             | [b], [b] -> [b]
            """)
    void wordsCanBeForced(String text, String terms) {
        assertThat(terms(Equation.words(text))).isEqualTo(terms);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j, j k -> i k | [i j], [j k] -> [i k]
            ab c -> c       | [a b c] -> [c]
            """)
    void lettersCanBeForced(String text, String terms) {
        assertThat(terms(Equation.letters(text))).isEqualTo(terms);
        assertThatThrownBy(() -> Equation.words("ij")).hasMessageContaining("named axes need an output");
    }

    private static void assertCaret(EquationError error, String text, int position) {
        List<String> lines = String.valueOf(error.getMessage()).lines().toList();
        assertThat(lines.get(lines.size() - 2)).isEqualTo("    " + text);
        assertThat(lines.getLast()).isEqualTo("    " + " ".repeat(position) + "^");
    }

    private static String terms(Equation equation) {
        return equation.inputs().stream().map(Value::text).collect(Collectors.joining(", ")) + " -> "
                + Value.text(equation.output());
    }

    private static List<long[]> shapes(String text) {
        return Arrays.stream(text.split(","))
                .map(s -> Arrays.stream(s.strip().split("\\s+")).mapToLong(Long::parseLong).toArray()).toList();
    }
}
