package org.einscale.einsum.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** The gradient pass against finite differences, an operation a row. */
class GradientTest {

    /** What is differentiated: writes statements and returns the value whose weighted sum is the loss. */
    interface Formula {
        Value of(ProgramBuilder b);
    }

    record Row(String name, String sizes, Formula formula) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> contractions() {
        return Stream.of(
                row("matrix product", "a=2 b=3 c=4",
                        b -> b.einsum("a b, b c -> a c", b.input("x", "a b"), b.input("y", "b c"))),
                row("transposed result", "a=2 b=3 c=4",
                        b -> b.einsum("a b, b c -> c a", b.input("x", "a b"), b.input("y", "b c"))),
                row("batch axis in the middle", "a=2 b=3 c=4 n=2",
                        b -> b.einsum("a n b, b n c -> a n c", b.input("x", "a n b"), b.input("y", "b n c"))),
                row("outer product", "a=2 b=3", b -> b.einsum("a, b -> a b", b.input("x", "a"), b.input("y", "b"))),
                row("inner product", "a=4", b -> b.einsum("a, a ->", b.input("x", "a"), b.input("y", "a"))),
                row("scalar factor", "a=4", b -> b.einsum(", a -> a", b.input("x", ""), b.input("y", "a"))),
                row("sum within one operand", "a=2 b=3", b -> b.einsum("a b -> b", b.input("x", "a b"))),
                row("sums on both sides", "a=2 b=3 c=2 d=2",
                        b -> b.einsum("a b c, b d -> c", b.input("x", "a b c"), b.input("y", "b d"))),
                row("everything summed apart", "a=2 b=3",
                        b -> b.einsum("a, b ->", b.input("x", "a"), b.input("y", "b"))),
                row("three operands", "a=2 b=3 c=2 d=2",
                        b -> b.einsum("a b, b c, c d -> a d", b.input("x", "a b"), b.input("y", "b c"),
                                b.input("z", "c d"))),
                row("three operands on one axis", "a=3",
                        b -> b.einsum("a, a, a -> a", b.input("x", "a"), b.input("y", "a"), b.input("z", "a"))),
                row("diagonal", "i=3", b -> b.einsum("k k -> k", b.input("x", "i j"))),
                row("trace", "i=3", b -> b.einsum("k k ->", b.input("x", "i j"))),
                row("diagonal of three", "i=2 m=3", b -> b.einsum("k m k k -> m k", b.input("x", "i m j l"))),
                row("diagonal times matrix", "i=3 a=2",
                        b -> b.einsum("k k, k a -> a", b.input("x", "i j"), b.input("y", "i a"))),
                row("two diagonals", "i=2 m=3", b -> b.einsum("k k l l -> l", b.input("x", "i j m n"))),
                row("an operand twice", "a=2 b=3", b -> {
                    Value x = b.input("x", "a b");
                    return b.einsum("a b, c b -> a c", x, x);
                }),
                row("an operand three times", "a=3", b -> {
                    Value x = b.input("x", "a");
                    return b.einsum("a, a, a -> a", x, x, x);
                }),
                row("an operand as rows and columns", "a=3", b -> {
                    Value x = b.input("x", "a b");
                    return b.einsum("i j, j k -> i k", x, x);
                }),
                row("terms with other names than the axes", "p=2 q=3 r=2",
                        b -> b.einsum("i j, j k -> i k", b.input("x", "p q"), b.input("y", "q r"))));
    }

    static Stream<Row> maps() {
        Pointwise xy = operand(0).times(operand(1));
        return Stream.of(
                row("rows repeated", "a=2 b=3", b -> b.map(xy, b.input("x", "a b"), b.input("y", "b"))),
                row("columns repeated", "a=2 b=3", b -> b.map(xy, b.input("x", "a"), b.input("y", "a b"))),
                row("outer", "a=2 b=3", b -> b.map(xy, List.of(b.input("x", "a"), b.input("y", "b")), axes("b a"))),
                row("scalar repeated", "a=2 b=3",
                        b -> b.map(operand(0).plus(operand(1)), b.input("x", "a b"), b.input("y", ""))),
                row("permuted", "a=2 b=3",
                        b -> b.map(xy.plus(operand(1)), List.of(b.input("x", "a b"), b.input("y", "b a")),
                                axes("b a"))),
                row("only permuted", "a=2 b=3", b -> b.map(operand(0), List.of(b.input("x", "a b")), axes("b a"))),
                row("only repeated", "a=2 b=3 c=2", b -> b.map(operand(0), List.of(b.input("x", "b")), axes("a b c"))),
                row("an operand twice", "a=2", b -> {
                    Value x = b.input("x", "a");
                    return b.map(xy, x, x);
                }),
                row("nested", "a=2 b=3",
                        b -> b.map(apply(Unary.TANH, xy.plus(constant(0.5))).over(apply(Unary.EXP, operand(1))),
                                b.input("x", "a b"), b.input("y", "b"))),
                row("number of elements", "a=2 b=3",
                        b -> b.map(operand(0).times(new Pointwise.Volume(axes("a b"))), b.input("x", "a b"))),
                row("no operand", "a=2", b -> b.multiply(b.map(constant(3), List.of(), axes("a")), b.input("x", "a"))));
    }

    static Stream<Row> others() {
        return Stream.of(
                row("sum", "a=2 b=3 c=2", b -> b.reduce(Reduction.SUM, b.input("x", "a b c"), axes("b"))),
                row("sum, result permuted", "a=2 b=3 c=2",
                        b -> b.reduce(Reduction.SUM, b.input("x", "a b c"), axes("c a"))),
                row("mean", "a=2 b=3 c=2", b -> b.reduce(Reduction.MEAN, b.input("x", "a b c"), axes("a c"))),
                row("mean of all", "a=2 b=3", b -> b.reduce(Reduction.MEAN, b.input("x", "a b"), axes(""))),
                row("maximum", "a=2 b=3 c=2", b -> b.reduce(Reduction.MAX, b.input("x", "a b c"), axes("c a"))),
                row("minimum", "a=2 b=3", b -> b.reduce(Reduction.MIN, b.input("x", "a b"), axes("b"))),
                row("softmax", "a=2 b=4", b -> b.softmax(b.input("x", "a b"), new Axis("b"))),
                row("softmax over the first axis", "a=3 b=2", b -> b.softmax(b.input("x", "a b"), new Axis("a"))),
                row("softmax over a middle axis", "a=2 b=3 c=2", b -> b.softmax(b.input("x", "a b c"), new Axis("b"))),
                row("causal softmax", "h=2 q=3 k=3",
                        b -> b.causalSoftmax(b.input("x", "h q k"), new Axis("k"), new Axis("q"))),
                row("causal softmax, earlier keys", "q=2 k=4",
                        b -> b.causalSoftmax(b.input("x", "q k"), new Axis("k"), new Axis("q"))),
                row("causal softmax, keys first", "k=3 q=3 h=2",
                        b -> b.causalSoftmax(b.input("x", "k q h"), new Axis("k"), new Axis("q"))),
                row("layer norm", "a=2 b=4", b -> b.normalise(Norm.LAYER, b.input("x", "a b"), new Axis("b"), 0.1)),
                row("layer norm over the first axis", "a=4 b=2",
                        b -> b.normalise(Norm.LAYER, b.input("x", "a b"), new Axis("a"), 0.1)),
                row("RMS norm", "a=2 b=4", b -> b.normalise(Norm.RMS, b.input("x", "a b"), new Axis("b"), 0.1)),
                row("RMS norm over a middle axis", "a=2 b=4 c=2",
                        b -> b.normalise(Norm.RMS, b.input("x", "a b c"), new Axis("b"), 0.1)),
                row("take", "n=3 v=4 d=2",
                        b -> b.take(b.input("table", "v d"), b.input("indices", "n"), new Axis("v"))),
                row("take of columns", "m=2 n=3 v=4 d=2",
                        b -> b.take(b.input("table", "d v"), b.input("indices", "m n"), new Axis("v"))),
                row("take of one", "v=4 d=2",
                        b -> b.take(b.input("table", "v d"), b.input("indices", ""), new Axis("v"))),
                row("cross-entropy", "n=3 v=4",
                        b -> b.crossEntropy(b.input("logits", "n v"), b.input("targets", "n"), new Axis("v"))),
                row("cross-entropy over a middle axis", "n=3 v=4 m=2",
                        b -> b.crossEntropy(b.input("logits", "n v m"), b.input("targets", "n m"), new Axis("v"))),
                row("split", "a=2 h=2 r=3", b -> b.split(b.input("x", "a k"), new Axis("k"), axes("h r"))),
                row("merge", "a=2 h=2 r=3", b -> b.merge(b.input("x", "h r a"), axes("h r"), new Axis("k"))),
                row("slice", "a=2 r=2 s=3", b -> b.slice(b.input("x", "a k"), new Axis("k"), axes("r s r"), 1)),
                row("slice of equal parts", "r=2", b -> b.slice(b.input("x", "k"), new Axis("k"), axes("r r"), 1)),
                row("concatenate", "a=2 r=2 s=3",
                        b -> b.concatenate(List.of(b.input("x", "r a"), b.input("y", "s a")), new Axis("k"),
                                axes("r s r"), List.of(2, 1))),
                row("an operand concatenated twice", "r=2", b -> {
                    Value x = b.input("x", "r");
                    return b.concatenate(List.of(x, x), new Axis("k"), axes("r r"), List.of(0, 1));
                }),
                row("dropout", "a=3 b=4", b -> b.multiply(b.input("x", "a b"),
                        b.bernoulli(0.5, 1, "drop", b.map(constant(2)), axes("a b")))));
    }

    private static Row row(String name, String sizes, Formula formula) {
        return new Row(name, sizes, formula);
    }

    @ParameterizedTest
    @MethodSource({"contractions", "maps", "others"})
    void equalsFiniteDifferences(Row row) {
        Sizes sizes = Filling.sizes(row.sizes());
        check(row.formula(), sizes);
        for (Axis axis : sizes.axes()) {
            check(row.formula(), sizes.with(axis, 1));
            check(row.formula(), sizes.with(axis, 0));
        }
        Sizes ones = sizes;
        for (Axis axis : sizes.axes()) {
            ones = ones.with(axis, 1);
        }
        check(row.formula(), ones);
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
    @EnumSource
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
