package org.einscale.einsum.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.Caret;
import org.einscale.einsum.equation.Equation;
import org.einscale.tensor.Sizes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BindingTest {

    /** Views as {@code b (h k) 1}: parts in parentheses, 1 for what runs along no axis. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # equation                     | shapes         | given   | views                                      | sizes
            a b, b c -> a c                | 2 3, 3 4       | -       | a b, b c -> a c                            | a=2 b=3 c=4
            a a -> a                       | 3 3            | -       | a a -> a                                   | a=3
            a -> a a                       | 3              | -       | a -> a a                                   | a=3
            ->                             |                | -       | ->                                         |
            # composed axes
            a (b c) -> (a b) c             | 2 12           | b=3     | a (b c) -> (a b) c                         | a=2 b=3 c=4
            a (b c), b -> a c              | 2 12, 3        | -       | a (b c), b -> a c                          | a=2 b=3 c=4
            (a b), (b c), c -> a           | 6, 12, 4       | -       | (a b), (b c), c -> a                       | a=2 b=3 c=4
            (a b) (b a) -> a b             | 6 6            | b=3     | (a b) (b a) -> a b                         | a=2 b=3
            (a a) -> a                     | 9              | a=3     | (a a) -> a                                 | a=3
            (a b) -> a                     | 0              | b=3     | (a b) -> a                                 | a=0 b=3
            a -> (a a)                     | 3              | -       | a -> (a a)                                 | a=3
            # the axis 1
            a 1 -> 1 a ()                  | 3 1            | -       | a 1 -> 1 a 1                               | a=3
            (a 1) -> a                     | 3              | -       | a -> a                                     | a=3
            # ellipses, aligned from the right
            ... a, a -> ... a              | 4 5 2, 2       | -       | ellipsis_0 ellipsis_1 a, a -> ellipsis_0 ellipsis_1 a | a=2 ellipsis_0=4 ellipsis_1=5
            a ..., ... -> ... a            | 2 5, 4 5       | -       | a ellipsis_1, ellipsis_0 ellipsis_1 -> ellipsis_0 ellipsis_1 a | a=2 ellipsis_0=4 ellipsis_1=5
            ... a -> a                     | 2              | -       | a -> a                                     | a=2
            ..., ... -> ...                | 1 5, 4 1       | -       | 1 ellipsis_1, ellipsis_0 1 -> ellipsis_0 ellipsis_1 | ellipsis_0=4 ellipsis_1=5
            ..., ... -> ...                | 1, 0           | -       | 1, ellipsis_0 -> ellipsis_0                | ellipsis_0=0
            ... a -> (... a)               | 4 5 2          | -       | ellipsis_0 ellipsis_1 a -> (ellipsis_0 ellipsis_1 a) | a=2 ellipsis_0=4 ellipsis_1=5
            ... ellipsis_0 -> ellipsis_0   | 4 2            | -       | ellipsis__0 ellipsis_0 -> ellipsis_0       | ellipsis_0=2 ellipsis__0=4
            """)
    void wordsMeetShapes(String text, @Nullable String shapes, @Nullable String parts, String views,
            @Nullable String sizes) {
        Binding binding = Binding.of(Equation.words(text), Caret.shapes(shapes), Caret.sizes(parts), false);
        assertThat(views(binding)).isEqualTo(views);
        assertThat(binding.sizes()).isEqualTo(Sizes.of(Caret.sizes(sizes)));
        assertThat(binding.operands().stream().map(View::shape)).containsExactlyElementsOf(Caret.shapes(shapes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            a [b...], [b...] c -> a c            | 10 20, 20 30 | - | a b_0, b_0 c -> a c           | a=10 b_0=20 c=30
            b (s [t])... [c], [t... c] d -> b s... d | 4 6 8 5, 3 4 5 7 | - | b (s_0 t_0) (s_1 t_1) c, t_0 t_1 c d -> b s_0 s_1 d | b=4 c=5 d=7 s_0=2 s_1=2 t_0=3 t_1=4
            s... a, (s t)... a -> s... t...      | 2 3 5, 8 9 5 | - | s_0 s_1 a, (s_0 t_0) (s_1 t_1) a -> s_0 s_1 t_0 t_1 | a=5 s_0=2 s_1=3 t_0=4 t_1=3
            (s t)... a, a -> s... t...           | 6 8 5, 5 | t=2 | (s_0 t_0) (s_1 t_1) a, a -> s_0 s_1 t_0 t_1 | a=5 s_0=3 s_1=4 t_0=2 t_1=2
            s... a, s... a -> a (s...)           | 2 3 5, 2 3 5 | - | s_0 s_1 a, s_0 s_1 a -> a (s_0 s_1)  | a=5 s_0=2 s_1=3
            s... s_0, s_0 -> s...                | 2 5, 5 | - | s__0 s_0, s_0 -> s__0                | s_0=5 s__0=2
            """)
    void anEllipsisRepeatsInADot(String text, String shapes, @Nullable String parts, String views, String sizes) {
        Binding binding = Binding.of(Equation.dot(text), Caret.shapes(shapes), Caret.sizes(parts), false);
        assertThat(views(binding)).isEqualTo(views);
        assertThat(binding.sizes()).isEqualTo(Sizes.of(Caret.sizes(sizes)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij,jk->ik | 4 1, 3 6  | i 1, j k -> i k   | i=4 j=3 k=6
            ij,jk->ik | 4 3, 1 6  | i j, 1 k -> i k   | i=4 j=3 k=6
            ij,j->ij  | 4 1, 1    | i j, j -> i j     | i=4 j=1
            i,i,i->i  | 1, 3, 1   | 1, i, 1 -> i      | i=3
            i,i->i    | 1, 0      | 1, i -> i         | i=0
            ii,i->i   | 1 1, 3    | 1 1, i -> i       | i=3
            """)
    void sizeOneStretchesIfSwitchedOn(String text, String shapes, String views, String sizes) {
        Binding binding = Binding.of(Equation.letters(text), Caret.shapes(shapes), Map.of(), true);
        assertThat(views(binding)).isEqualTo(views);
        assertThat(binding.sizes()).isEqualTo(Sizes.of(Caret.sizes(sizes)));
    }

    @Test
    void newAxesOfARepeatNeedTheirSizes() {
        Equation equation = Equation.repeat("a -> (a r) 1 s");
        Binding binding = Binding.of(equation, List.of(new long[]{3}), Map.of("r", 2, "s", 0), false);
        assertThat(binding.result().shape()).containsExactly(6, 1, 0);
        Caret.refused(() -> Binding.of(equation, List.of(new long[]{3}), Map.of("r", 2), false), equation.text(), 13,
                "axis 's' is in the output only, so its size must be given; expected one, such as s=2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            # equation          | wrong            | valid         | at | part of the message
            ij,jk->ik           | 2 3, 4 5         | 2 3, 3 5      | 3  | axis 'j' is 4 in operand 1 of shape (4, 5), but 3 in operand 0 of shape (2, 3); expected one size, or two names
            ij,jk->ik           | 2 3, 4 3         | 2 3, 3 4      | 3  | "axis 'j' is 4 in operand 1 of shape (4, 3), but 3 in operand 0 of shape (2, 3); its shape would fit the term 'kj'"
            ij,jk->ik           | 2 3, 1 5         | 2 3, 3 5      | 3  | size 1 stretches to others only if broadcasting is switched on
            ii->i               | 2 3              | 3 3           | 1  | axis 'i' is 3 in operand 0 of shape (2, 3), but 2 in operand 0; expected one size, or two names
            bix,iox->box        | 12 7 2, 12 7 2   | 12 7 2, 7 3 2 | 4  | axis 'i' is 12 in operand 1 of shape (12, 7, 2), but 7 in operand 0 of shape (12, 7, 2); its shape would fit the term 'oix'
            A,A->A              | 2, 2 2           | 2, 2          | 2  | operand 1 has shape (2, 2), 2 axes, but its term 'A' names 1; name the others too, or add '...' for them
            a b -> a            | 3                | 3 1           | 0  | operand 0 has shape (3), 1 axis, but its term 'a b' names 2; its shape would fit the term 'a'
            ab,bc->ac           | 2 3              | 2 3, 3 4      | 3  | it has 2 terms, but 1 operand was given
            ab,bc->ac           | 2 3, 3 4, 4 4    | 2 3, 3 4      | 9  | it has 2 terms, but 3 operands were given
            ...i,ij->...j       | ", 6 10"         | 6, 6 10       | 0  | operand 0 has shape (), 0 axes, but its term '...i' names at least 1
            ...i,...i->...      | 2 3 5, 4 5       | 2 3 5, 3 5    | 5  | an axis of '...' is 4 in operand 1 of shape (4, 5), but 3 in operand 0 of shape (2, 3, 5)
            a 1 -> a            | 3 2              | 3 1           | 2  | '1' is 2 in operand 0 of shape (3, 2); expected size 1, or a name in place of '1'
            a () -> a           | 3 2              | 3 1           | 2  | '()' is 2 in operand 0 of shape (3, 2)
            a (b c), b, c -> a  | 2 6, 2, 4        | 2 8, 2, 4     | 2  | "'(b c)' is 6 in operand 0 of shape (2, 6), but b=2, c=4 make 8"
            a (b c), b -> a c   | 2 6, 4           | 2 8, 4        | 2  | "'(b c)' is 6 in operand 0 of shape (2, 6), which b=4 does not divide; the nearest divisors are 3 and 6"
            a (b c), b -> a c   | 2 6, 0           | 2 0, 2        | 2  | which b=0 does not divide
            """)
    void shapesMustFit(String text, String wrong, String valid, int position, String part) {
        Equation equation = Equation.of(text);
        assertThat(Binding.of(equation, Caret.shapes(valid)).operands().stream().map(View::shape))
                .containsExactlyElementsOf(Caret.shapes(valid));
        Caret.refused(() -> Binding.of(equation, Caret.shapes(wrong)), text, position, part);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', nullValues = "-", textBlock = """
            # equation        | shapes | wrong   | valid | at | part of the message
            a (b c) -> a b c  | 2 12   | -       | b=3   | 3  | the sizes of 'b' and 'c' in '(b c)' are unknown; give all but one of its parts, such as b=2
            a (b c) -> a b c  | 2 12   | b=5     | b=4   | 2  | "'(b c)' is 12 in operand 0 of shape (2, 12), which b=5 does not divide; the nearest divisors are 4 and 6"
            a (b c) -> a b c  | 2 12   | b=3 c=5 | b=3   | 2  | "but b=3, c=5 make 15"
            a (b c) -> a b c  | 2 12   | d=5     | b=3   | 0  | "a size was given for 'd', which is no axis of it; its axes are a, b, c"
            a (b c) -> a b c  | 2 12   | heads=5 | b=3   | 0  | "a size was given for 'heads', which is no axis of it; its axes are a, b, c"
            a (head c) -> a c | 2 12   | haed=3  | head=3 | 3 | "a size was given for 'haed', which is no axis of it; did you mean 'head'?"
            a (b c) -> a b c  | 2 12   | b=-3    | b=3   | 3  | the size given for axis 'b' is -3; expected 0 or more
            a (b c) -> a b c  | 2 12   | a=3 b=3 | a=2 b=3 | 0 | axis 'a' is 2 in operand 0 of shape (2, 12), but 3 as given
            a (b b) -> a b    | 2 9    | -       | b=3   | 3  | the sizes of 'b' in '(b b)' are unknown
            (b c) -> b c      | 0      | b=0     | b=2   | 3  | the sizes of 'c' in '(b c)' are unknown
            """)
    void givenPartsMustFit(String text, String shapes, @Nullable String wrong, String valid, int position,
            String part) {
        Equation equation = Equation.words(text);
        assertThat(Binding.of(equation, Caret.shapes(shapes), Caret.sizes(valid), false).operands()).hasSize(1);
        Caret.refused(() -> Binding.of(equation, Caret.shapes(shapes), Caret.sizes(wrong), false), text, position,
                part);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            ij,i->i  | "2 1, 3" | "3 1, 3" | 3 | axis 'i' is 3 in operand 1 of shape (3), but 2 in operand 0
            ii->i    | 1 3      | 3 3      | 1 | axis 'i' is 3 in operand 0 of shape (1, 3), but 1 in operand 0; expected one size
            i,ii->i  | "3, 1 3" | "3, 1 1" | 3 | axis 'i' is 3 in operand 1 of shape (1, 3), but 1 in operand 1
            """)
    void otherSizesDoNotStretch(String text, String wrong, String valid, int position, String part) {
        Equation equation = Equation.letters(text);
        assertThat(Binding.of(equation, Caret.shapes(valid), Map.of(), true).result().axes()).hasSize(1);
        Caret.refused(() -> Binding.of(equation, Caret.shapes(wrong), Map.of(), true), text, position, part);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            a s... t..., a -> s... t... | 2 3 5, 2 | 2  | the ranks do not tell how many axes 's...' stands for in operand 0 of shape (2, 3, 5)
            (s t)..., s... -> t...      | 6 8, 2   | 10 | operand 1 has shape (2), 1 axis, but its term 's...' names 2
            s..., t..., (s t)... -> s... t... | 2 3, 2, 4 6 | 12 | the axes of '(s t)...' are repeated different numbers of times elsewhere
            """)
    void repetitionsMustFit(String text, String shapes, int position, String part) {
        Equation equation = Equation.dot(text);
        Caret.refused(() -> Binding.of(equation, Caret.shapes(shapes)), text, position, part);
    }

    @Test
    void sizesByNameMakeShapes() {
        Equation equation = Equation.of("a (b c), 1 b -> c a");
        Binding binding = Binding.of(equation, Sizes.of(Map.of("a", 2, "b", 3, "c", 4)));
        assertThat(binding.operands().stream().map(View::shape)).containsExactly(new long[]{2, 12}, new long[]{1, 3});
        assertThat(binding.result().shape()).containsExactly(4, 2);
        Caret.refused(() -> Binding.of(equation, Sizes.of(Map.of("a", 2, "b", 3))), equation.text(), 5,
                "axis 'c' has no size; expected c=... beside a=2 b=3");
        Caret.refused(() -> Binding.of(equation, Sizes.of(Map.of("a", 2, "b", 3, "c", 4, "d", 5))), equation.text(), 0,
                "a size was given for 'd', which is no axis of it");
        Equation dots = Equation.of("...a->a");
        Caret.refused(() -> Binding.of(dots, Sizes.of(Map.of("a", 2))), dots.text(), 0,
                "sizes by name do not tell how many axes '...' stands for; name its axes, or give shapes");
    }

    @Test
    void viewsTellTheirDistinctAxes() {
        Binding binding = Binding.of(Equation.words("a b -> b a b"), List.of(new long[]{2, 3}));
        assertThat(binding.result().distinct().toString()).isEqualTo("[b, a]");
        assertThat(binding.result().diagonal()).isTrue();
        assertThat(binding.operands().getFirst().diagonal()).isFalse();
    }

    private static String views(Binding binding) {
        String operands = binding.operands().stream().map(BindingTest::view).collect(Collectors.joining(", "));
        return (operands + " -> " + view(binding.result())).strip();
    }

    private static String view(View view) {
        return view.axes().stream().map(parts -> {
            String names = parts.stream().map(part -> part.axis().map(a -> a.name()).orElse("1"))
                    .collect(Collectors.joining(" "));
            return parts.size() == 1 ? names : "(" + names + ")";
        }).collect(Collectors.joining(" "));
    }
}
