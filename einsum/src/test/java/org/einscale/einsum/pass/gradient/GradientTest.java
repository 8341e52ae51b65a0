package org.einscale.einsum.pass.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Formulas.Formula;
import org.einscale.einsum.reference.Formulas.Row;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient pass against finite differences, an operation a row. */
class GradientTest {

    @Tag("once")
    @ParameterizedTest
    @MethodSource({"org.einscale.einsum.reference.Formulas#contractions", "org.einscale.einsum.reference.Formulas#maps",
        "org.einscale.einsum.reference.Formulas#others"})
    void equalsFiniteDifferences(Row row) {
        row.variants().forEach(sizes -> check(row.formula(), sizes));
    }

    private static void check(Formula formula, Sizes sizes) {
        ProgramBuilder b = new ProgramBuilder();
        Value loss = GradientCheck.weigh(b, formula.of(b));
        Program program = b.build();
        if (Filling.possible(program, sizes)) {
            List<Value> smooth = new ArrayList<>(program.inputs());
            smooth.removeAll(Filling.wholeNumbers(program, sizes));
            GradientCheck.check(program, loss, smooth, sizes);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"GELU_DERIVATIVE", "SILU_DERIVATIVE"})
    void unaryEqualsFiniteDifferences(Unary function) {
        boolean positiveOnly = switch (function) {
            case SQRT, RECIPROCAL, RECIPROCAL_SQRT, LOG -> true;
            default -> false;
        };
        check(b -> b.apply(function, positiveOnly ? positive(b, b.input("x", "a")) : b.input("x", "a")),
                Filling.sizes("a=9"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"POWER_BY_BASE", "POWER_BY_EXPONENT"})
    void binaryEqualsFiniteDifferences(Binary function) {
        check(b -> {
            Value x = b.input("x", "a b");
            Value y = b.input("y", "b");
            return b.combine(function, function == Binary.POWER ? positive(b, x) : x,
                    function == Binary.DIVIDE ? positive(b, y) : y);
        }, Filling.sizes("a=3 b=4"));
    }

    private static Value positive(ProgramBuilder b, Value x) {
        return b.map(operand(0).times(operand(0)).plus(constant(0.3)), x);
    }

    @ParameterizedTest
    @EnumSource(value = Unary.class, names = {"GELU_DERIVATIVE", "SILU_DERIVATIVE"})
    void derivativesHaveNoDerivative(Unary function) {
        assertThatThrownBy(() -> check(b -> b.apply(function, b.input("x", "a")), Filling.sizes("a=2")))
                .isInstanceOf(ProgramError.class)
                .hasMessageContaining("'" + function.text() + "' has no derivative");
    }

    /** The cotangent is shared equally among ties. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            MAX, 1 2 2,   0 0.5 0.5
            MIN, 1 2 2,   1 0 0
            MAX, 4 4 4 4, 0.25 0.25 0.25 0.25
            MIN, 3 1 5 1, 0 0.5 0 0.5
            """)
    void tiesShare(Reduction reduction, String elements, String gradient) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value loss = b.reduce(reduction, x, List.of());
        assertThat(gradient(b, loss, x, numbers(elements))).containsExactly(numbers(gradient));
    }

    /** The cotangent is the product of the others, also where they or the element are zero. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            2 3 5,     15 10 6
            2 0 5,     0 10 0
            0 3 0,     0 0 0
            0,         1
            -2 0.5,    0.5 -2
            """)
    void productsOfTheOthers(String elements, String gradient) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value loss = b.reduce(Reduction.PROD, x, List.of());
        assertThat(gradient(b, loss, x, numbers(elements))).containsExactly(numbers(gradient));
    }

    @Test
    void aLogSumExpOfNothingButMinusInfinityHasNoSlope() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value loss = b.reduce(Reduction.LOG_SUM_EXP, x, List.of());
        double none = Double.NEGATIVE_INFINITY;
        assertThat(gradient(b, loss, x, new double[]{none, none})).containsExactly(0, 0);
        assertThat(gradient(b, loss, x, new double[]{none, 3})).containsExactly(0, 1);
    }

    @Test
    void isZeroForAValueThatTheLossDoesNotReach() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value loss = b.map(constant(2));
        assertThat(gradient(b, loss, x, new double[]{1, 2, 3})).containsExactly(0, 0, 0);
    }

    @Test
    void addsUpOverEveryUseOfAValue() {
        check(b -> {
            Value x = b.input("x", "a b");
            Value y = b.softmax(x, new Axis("b"));
            Value z = b.einsum("a b, c b -> a c", x, y);
            return b.add(b.reduce(Reduction.MEAN, z, axes("a")), b.reduce(Reduction.SUM, b.multiply(x, y), axes("a")));
        }, Filling.sizes("a=3 b=2"));
    }

    @Test
    void goesThroughAnIntermediateValueThatIsAskedForToo() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value y = b.map(operand(0).times(constant(3)), x);
        Value loss = b.einsum("a, a ->", y, y);
        Gradient.Result gradient = Gradient.of(b.build(), loss, List.of(x, y));
        Interpreter.Run run = Interpreter.run(gradient.program(), Filling.sizes("a=2"),
                Map.of(x, Nd4j.createFromArray(1.0, 2.0)));
        assertThat(elements(run, gradient.of().get(y))).containsExactly(6, 12);
        assertThat(elements(run, gradient.of().get(x))).containsExactly(18, 36);
    }

    @Test
    void namesCotangentsAfterTheirValues() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        Value w = b.input("w", "b c");
        Value y = b.einsum("y", Equation.of("a b, b c -> a c"), List.of(x, w));
        Value loss = b.reduce(Reduction.SUM, b.append("z", y.axes(), new Operation.Map(operand(0).plus(operand(0)),
                List.of(y))), List.of());
        Program program = b.build();
        Gradient.Result gradient = Gradient.of(program, loss, List.of(x, w));
        assertThat(gradient.program().statements().stream().skip(program.statements().size()).map(Statement::toString))
                .containsExactly("map#5[] = 1", "d_z#6[a c] = map#5", "d_y#7[a c] = d_z#6 * 2",
                        "d_x#8[a b] = einsum('a c, b c -> a b', d_y#7, w#1)",
                        "d_w#9[b c] = einsum('a c, a b -> b c', d_y#7, x#0)");
    }

    @Test
    void refusesALossWithAxesAndSecondDerivatives() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value y = b.softmax(x, new Axis("a"));
        Value loss = b.einsum("a, a ->", y, y);
        Program program = b.build();
        assertThatThrownBy(() -> Gradient.of(program, y, List.of(x))).isInstanceOf(ProgramError.class)
                .hasMessageContaining("expected a scalar");
        Gradient.Result first = Gradient.of(program, loss, List.of(x));
        ProgramBuilder more = new ProgramBuilder(first.program());
        Value norm = more.reduce(Reduction.SUM, Objects.requireNonNull(first.of().get(x)), List.of());
        assertThatThrownBy(() -> Gradient.of(more.build(), norm, List.of(x))).isInstanceOf(ProgramError.class)
                .hasMessageContaining("second derivatives are not supported");
    }

    private static double[] gradient(ProgramBuilder b, Value loss, Value x, double[] elements) {
        Gradient.Result gradient = Gradient.of(b.build(), loss, List.of(x));
        Sizes sizes = Filling.sizes("a=" + elements.length);
        return elements(Interpreter.run(gradient.program(), sizes, Map.of(x, Nd4j.createFromArray(elements))),
                gradient.of().get(x));
    }

    private static double[] elements(Interpreter.Run run, @Nullable Value value) {
        return Objects.requireNonNull(run.values().get(Objects.requireNonNull(value))).toDoubleVector();
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
}
