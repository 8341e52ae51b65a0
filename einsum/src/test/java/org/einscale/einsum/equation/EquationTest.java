package org.einscale.einsum.equation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
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
            𝐴𝐵,𝐵->𝐴                     | [𝐴 𝐵], [𝐵] -> [𝐴]
            # without an arrow: the letters that occur once, in alphabetical order
            ij,jk                       | [i j], [j k] -> [i k]
            ji                          | [j i] -> [i j]
            ii                          | [i i] -> []
            bA                          | [b A] -> [A b]
            ""                          | [] -> []
            # an ellipsis stands anywhere, and first in an output that is not written
            ...ij,...jk->...ik          | [... i j], [... j k] -> [... i k]
            i...i->i...                 | [i ... i] -> [i ...]
            k...,jk                     | [k ...], [j k] -> [... j]
            b...a                       | [b ... a] -> [... a b]
            ...->                       | [...] -> []
            i->...i                     | [i] -> [... i]
            " ...a-> ...a "             | [... a] -> [... a]
            # names with spaces between them in any term are axes as a whole
            b l d, d h k -> b h l k     | [b l d], [d h k] -> [b h l k]
            batch len, len -> batch     | [batch len], [len] -> [batch]
            head1 q_k, q_k -> head1     | [head1 q_k], [q_k] -> [head1]
            one one -> one              | [one one] -> [one]
            "  a  b ,b->  a  "          | [a b], [b] -> [a]
            i ... j -> ... j            | [i ... j] -> [... j]
            i j -> i i j                | [i j] -> [i i j]
            # and so are they with parentheses, brackets or the axis 1
            (ab)->ab                    | [(ab)] -> [ab]
            b(hk)->b                    | [b (hk)] -> [b]
            a (b c) -> (a b) c          | [a (b c)] -> [(a b) c]
            a 1 -> a                    | [a 1] -> [a]
            a,1->a                      | [a], [1] -> [a]
            () a (1 b) -> b a ()        | [() a (1 b)] -> [b a ()]
            a -> (a a)                  | [a] -> [(a a)]
            ... a -> (... a)            | [... a] -> [(... a)]
            [ab],[ab]->                 | [ab], [ab] -> []
            """)
    void isTakenApart(String text, String terms) {
        assertThat(Caret.terms(Equation.of(text))).isEqualTo(terms);
    }

    /** Each mistake beside the nearest string without it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # wrong             | valid              | at | part of the message
            i->ij               | ij->ij             | 4  | output axis 'j' is in no operand's term
            ab->abx             | ab->ab             | 6  | output axis 'x' is in no operand's term
            i j -> k            | i j -> i           | 7  | output axis 'k' is in no operand's term
            batch len -> bacth  | batch len -> batch | 13 | did you mean 'batch'?
            long name -> q      | long name -> name  | 13 | known are long, name
            a->aa               | a->a               | 4  | the output names axis 'a' twice; expected once; to write a diagonal, name the axes in words: 'a -> a a'
            ab,bc->a,c          | ab,bc->ac          | 8  | found ',' after '->'; expected one output term
            ab->b->a            | ab->b              | 5  | found a second '->'; expected one
            i%->i               | i->i               | 1  | found '%'; expected a letter, ',' or '->'
            i1->i               | i->i               | 1  | found '1'; expected a letter, ',' or '->'; composed axes, brackets and the axis 1 belong to names
            𝐴%->𝐴               | 𝐴->𝐴               | 2  | found '%'
            a 1b -> a           | a b1 -> a          | 2  | found '1'; expected a name
            a _b -> a           | a b_ -> a          | 2  | found '_'; expected a name
            a 2 -> a            | a two -> a         | 2  | found the size 2; expected a name, whose size is given apart, or 1
            a (12) -> a         | a (1) -> a         | 3  | found the size 12
            ab-bc               | ab->b              | 2  | found '-'; expected a letter
            ab>b                | ab->b              | 2  | found '>'; expected a letter
            i j k               | i j k -> i j k     | 5  | named axes need an output; expected '->'
            # ellipses
            i..                 | i...               | 1  | found '..'; expected '...', three dots
            .i...               | i...               | 0  | found '.'; expected '...', three dots
            i....->i            | i...->i            | 1  | found '....'; expected '...', three dots
            a->... .            | a->...             | 7  | found '.', but the term has its ellipsis '...' already; expected one
            ...a...->a          | ...a->a            | 4  | found '...', but the term has its ellipsis '...' already; expected one
            ... a (b ...) -> a  | ... a b -> a       | 9  | found '...', but the term has its ellipsis '...' already
            a (b ...) -> a      | a b ... -> a       | 5  | found '...' in parentheses in an operand
            a b -> a b ...      | a b ... -> a b ... | 11 | the output has '...', but no operand's term has
            pre... b -> b       | pre ... b -> b     | 0  | found 'pre...'; expected '...' as an axis of its own, apart from 'pre' by a space
            a (b c)... -> a     | a (b c) ... -> a   | 2  | found '(b c)...'; expected '...' as an axis of its own
            # parentheses and brackets
            a (b c -> a         | a (b c) -> a       | 2  | this '(' is never closed; expected ')'
            a (b, c) -> a       | a (b), c -> a      | 4  | found ',' within '()'; expected names alone there: ',' and '->' stand between terms
            a b) -> a b         | a (b) -> a b       | 3  | found ')', but nothing to close
            a b] -> a b         | a [b] -> a         | 3  | found ']', but nothing to close
            a [b -> a           | a [b] -> a         | 2  | this '[' is never closed; expected ']'
            a [(b] c) -> a c    | a [(b)] c -> a c   | 5  | found ']'; expected ')', which closes the '(' before it
            a ((b c) d) -> a    | a (b c d) -> a     | 3  | found '(' within parentheses
            a [[b] c] -> a      | a [b c] -> a       | 3  | found '[' within brackets
            a [b] -> a b        | a [b] -> a         | 3  | axis 'b' is in brackets, which mark what is summed, but the output has it
            a [b] -> [a]        | a [b] -> a         | 10 | found 'a' in brackets in the output; they mark what is summed
            a [b], b c -> a c   | a [b], [b] c -> a c | 7 | axis 'b' is summed without brackets, but other axes or places have them; write [b]
            """)
    void isRefusedUnderTheMistake(String wrong, String valid, int position, String part) {
        assertThat(Equation.of(valid).text()).isEqualTo(valid);
        Caret.refused(() -> Equation.of(wrong), wrong, position, part);
    }

    @Test
    void lineBreaksDoNotMoveTheCaret() {
        assertThatThrownBy(() -> Equation.words("a b,\n\tb c ->\n a x"))
                .hasMessageEndingWith("    a b,  b c ->  a x\n                    ^");
    }

    @Test
    void positionsAreKept() {
        Equation equation = Equation.dot("b (s [s2])... [c] , [s2... c] d -> b s... d");
        assertThat(equation.operands().get(0).names().map(Element::position)).containsExactly(0, 3, 6, 15);
        assertThat(equation.operands().get(1).ellipses().map(Element::position)).containsExactly(21);
        assertThat(equation.operands().stream().map(Term::start)).containsExactly(0, 20);
        assertThat(equation.operands().get(0).names().map(Element.Name::bracketed)).containsExactly(false, false, true,
                true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            batch,batch->batch | [batch], [batch] -> [batch]
            b,b->b             | [b], [b] -> [b]
            i->i i             | [i] -> [i i]
            """)
    void wordsCanBeForced(String text, String terms) {
        assertThat(Caret.terms(Equation.words(text))).isEqualTo(terms);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i j, j k -> i k | [i j], [j k] -> [i k]
            ab c -> c       | [a b c] -> [c]
            """)
    void lettersCanBeForced(String text, String terms) {
        assertThat(Caret.terms(Equation.letters(text))).isEqualTo(terms);
        assertThatThrownBy(() -> Equation.words("ij")).hasMessageContaining("named axes need an output");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a b, b -> a      | true
            a b -> a         | true
            a ..., b -> a    | false
            a (b c) -> a b c | false
            a 1 -> a         | false
            a -> a a         | false
            """)
    void plainEquationsAreNamesAlone(String text, boolean plain) {
        assertThat(Equation.words(text).plain()).isEqualTo(plain);
    }

    @Test
    void plainTermsAreReadAsAxes() {
        Equation equation = Equation.of("a b, b -> a");
        assertThat(equation.inputs())
                .isEqualTo(List.of(List.of(new Axis("a"), new Axis("b")), List.of(new Axis("b"))));
        assertThat(equation.output()).containsExactly(new Axis("a"));
        Equation composed = Equation.of("a (b c) -> a b c");
        Caret.refused(composed::inputs, composed.text(), 2, "found '(b c)' where only names may stand");
    }

    @Test
    void spacesInTheOutputAloneMakeNoWords() {
        assertThat(Equation.of("ij,jk->i k").dialect()).isEqualTo(Dialect.LETTERS);
        assertThat(Equation.of("i,j->i j").dialect()).isEqualTo(Dialect.WORDS);
        assertThat(Equation.of("seq,dim->seq dim").dialect()).isEqualTo(Dialect.WORDS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            (ij,jk)->ik | 3 | found ',' within '()'
            (i j -> i j) | 5 | found '->' within '()'
            (ij,jk->ik | 0 | this '(' is never closed
            ij\u00a0,jk->ik | 2 | found U+00A0 (NO-BREAK SPACE)
            ij\u200b,jk->ik | 2 | found U+200B (ZERO WIDTH SPACE)
            """)
    void causesAreNamed(String text, int position, String start) {
        assertThatThrownBy(() -> Equation.of(text)).isInstanceOfSatisfying(EquationError.class, error -> {
            assertThat(error.position()).isEqualTo(position);
            assertThat(error.problem()).startsWith(start);
        });
    }

    /** Terms of letters whose commas are forgotten look like names apart by spaces. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij jk -> ik | is a comma missing, as in 'ij, jk -> ik'?
            ij jk kl->il | is a comma missing, as in 'ij, jk, kl ->il'?
            ij jk -> iq | did you mean 'ij'?
            ij lk -> ik | did you mean 'ij'?
            ij, jk -> i q | known are ij, jk
            """)
    void missingCommasAreTold(String text, String told) {
        assertThatThrownBy(() -> Equation.words(text)).hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            天地->!       | 6
            e\u0301->!    | 3
            ab->!         | 4
            \uff71->!     | 3
            """)
    void caretsStandUnderTheirPlace(String text, int columns) {
        assertThat(new Mistakes(text, Dialect.LETTERS, Rule.CONTRACT, _ -> {
        }).at(text.indexOf('!'), "found '!'").getMessage())
                .endsWith("\n    " + " ".repeat(columns) + "^");
    }
}
