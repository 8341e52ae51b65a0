package org.einscale.einsum.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Dialect;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Rule;
import org.einscale.einsum.reference.Closeness;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EinsumWriterTest {
    private static final Sizes SIZES = Filling.sizes("b=2 l=3 d=8 h=2 k=4 f=5 m=3");

    /** Operands by their axes, then the statements as operation and axes of its result. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # equation                     | operands     | statements
            a c, c e -> a e                | "b d, d f"   | Contract [a e]
            # ellipses keep the axes of the values
            ... d, d f -> ... f            | "b l d, d f" | Contract [b l f]
            ... i, i j -> ... j            | "b l d, d f" | Contract [b l j]
            ..., ... -> ...                | "b l, l"     | Contract [b l]
            ..., i ... -> ... i            | "l, f b l"   | Contract [b l i]
            ... i -> i                     | b l d        | Contract [i]
            ... f -> f                     | f            | Contract [f]
            # composed axes are split before and merged after
            b (h k) -> b h k               | b d          | "Split [b h k], Contract [b h k]"
            b h k -> b (h k)               | b h k        | "Contract [b h k], Merge [b h_k]"
            b (h k), k f -> b h f          | "b d, k f"   | "Split [b h k], Contract [b h f]"
            l (h k), m (h k) -> (h k) l m  | "l d, m d"   | "Split [l h k], Split [m h k], Contract [h k l m], Merge [d l m]"
            b (h k) -> (k h) b             | b d          | "Split [b h k], Contract [k h b], Merge [k_h b]"
            (h k), d -> (h k) d            | "d, d"       | "Split [h k], Contract [h k d], Merge [h_k d]"
            ... (h k) -> (... h) k         | b l d        | "Split [b l h k], Contract [b l h k], Merge [b_l_h k]"
            (h) b -> (b)                   | h b          | Contract [b]
            (b l) -> (l b)                 | b_l          | "Split [b l], Contract [l b], Merge [l_b]"
            h k, b l -> (h k) (b l)        | "h k, b l"   | "Contract [h k b l], Merge [h_k b l], Merge [h_k b_l]"
            """)
    void writesStatements(String text, String operands, String statements) {
        ProgramBuilder builder = new ProgramBuilder();
        List<Value> inputs = Arrays.stream(operands.split(",")).map(axes -> builder.input("x", axes)).toList();
        Equation equation = Equation.words(text);
        Value result = builder.einsum("y", equation, inputs);
        builder.output(result);
        Program program = builder.build();
        assertThat(program.statements().stream().map(
                s -> s.operation().getClass().getSimpleName() + " " + Value.text(s.result().axes()))
                .collect(Collectors.joining(", "))).isEqualTo(statements);
        assertThat(result.name()).isEqualTo("y");
        assertComputes(program, equation, inputs, result);
    }

    private static void assertComputes(Program program, Equation equation, List<Value> inputs, Value result) {
        Sizes sizes = SIZES.with(new Axis("b_l"), 6);
        var given = Filling.of(program, sizes, 1);
        List<INDArray> arrays = inputs.stream().map(given::get).toList();
        Binding binding = Binding.of(equation, arrays.stream().map(INDArray::shape).toList(),
                equation.axes().stream().filter(sizes::has).filter(a -> isPart(equation, a))
                        .collect(Collectors.toMap(Axis::name, sizes::of)),
                false);
        double[] expected = DirectEinsum.sumOfProducts().of(binding,
                arrays.stream().map(array -> array.dup('c').data().asDouble()).toList());
        Closeness.check(equation.text(),
                Objects.requireNonNull(Interpreter.run(program, sizes, given).values().get(result)),
                Nd4j.create(expected, binding.result().shape(), 'c'), 1e-12);
    }

    private static boolean isPart(Equation equation, Axis axis) {
        return equation.operands().stream().flatMap(t -> t.elements().stream())
                .anyMatch(e -> e.toString().startsWith("(") && e.names().anyMatch(n -> n.axis().equals(axis)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            # equation           | operands     | at | part of the message
            ... d 1 -> ... d     | b l d        | 6  | found the axis 1, which a program's values do not have
            a [b] -> a           | b d          | 3  | 'b' is in brackets, which programs do not have
            a (b [c]) -> a b     | b d          | 6  | 'c' is in brackets
            [...] a -> a         | b d          | 1  | '...' is in brackets
            a -> a a             | b            | 7  | the output names axis 'a' twice; programs do not write diagonals
            a -> (a a)           | b            | 8  | the output names axis 'a' twice
            a () -> a            | b d          | 2  | '()' has no parts
            ... a -> (...) a     | b            | 9  | '(...)' has no parts here
            ... a b -> a         | b            | 0  | operand 0, 'x' [b], has 1 axis, but its term [... a b] names at least 2
            a (h k) -> a         | b l d        | 0  | operand 0, 'x' [b l d], has 3 axes, but its term [a (h k)] names 2
            ..., a -> ... a      | b            | 5  | einsum has 2 terms for 1 operands
            ... a, ... -> ... a  | "b l d, b m" | 7  | '...' stands for [b m] of 'x' [b m], but for [b l] before; expected the same names from the right
            ... b -> ... b       | b d          | 0  | '...' stands for axis 'b' of 'x' [b d], but the equation has that name too
            a (b c) -> a b c     | b d          | 2  | '(b c)' would give 'x' [b d] a second axis 'b'; name the part differently
            a (h h) -> a h       | b d          | 2  | '(h h)' would give 'x' [b d] a second axis 'h'
            """)
    void refusesWhatValuesDoNotHave(String text, String operands, int position, String part) {
        ProgramBuilder builder = new ProgramBuilder();
        List<Value> inputs = Arrays.stream(operands.split(",")).map(axes -> builder.input("x", axes)).toList();
        EquationError error = catchThrowableOfType(EquationError.class,
                () -> builder.einsum(Equation.words(text), inputs));
        assertThat(error.problem()).contains(part);
        assertThat(error.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            REPEAT | a -> a b | found a repeat where an einsum stands
            REDUCE | a b -> a | found a reduce where an einsum stands
            DOT    | a s..., s... -> a | 's...' repeats an axis, which programs do not; write the axes out
            """)
    void refusesOtherRules(Rule rule, String text, String part) {
        ProgramBuilder builder = new ProgramBuilder();
        Equation equation = Equation.parse(text, Dialect.WORDS, rule);
        List<Value> inputs = equation.operands().stream().map(_ -> builder.input("x", "b d")).toList();
        EquationError error = catchThrowableOfType(EquationError.class, () -> builder.einsum(equation, inputs));
        assertThat(error.problem()).contains(part);
    }
}
