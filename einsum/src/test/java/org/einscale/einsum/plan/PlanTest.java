package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Formulas.Row;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** Compiled programs against the interpreter: single operations, their gradients, and random programs. */
class PlanTest {

    @ParameterizedTest
    @MethodSource({"org.einscale.einsum.reference.Formulas#contractions", "org.einscale.einsum.reference.Formulas#maps",
        "org.einscale.einsum.reference.Formulas#others"})
    void formulasAndTheirGradientsAgree(Row row) {
        for (Sizes sizes : row.variants()) {
            ProgramBuilder b = new ProgramBuilder();
            Value result = row.formula().of(b);
            b.output(result);
            Value squares = b.map(operand(0).times(operand(0)), result);
            Value loss = b.reduce(Reduction.SUM, squares, List.of());
            Program forward = b.build();
            if (Filling.possible(forward, sizes)) {
                List<Value> smooth = new ArrayList<>(forward.inputs());
                smooth.removeAll(Filling.wholeNumbers(forward, sizes));
                Gradient.Result gradient = Gradient.of(forward, loss, smooth);
                ProgramBuilder both = new ProgramBuilder(gradient.program());
                smooth.forEach(value -> both.output(Objects.requireNonNull(gradient.of().get(value))));
                PlanCheck.agrees(both.build(), sizes);
                PlanCheck.agreesInPieces(both.build(), sizes, 2);
            }
        }
    }

    /** Contractions without a plain matrix product, and every way to lay out one that is. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            b l d, b l d -> d               | b=2 l=3 d=5
            b l d, b l d -> b l             | b=2 l=3 d=5
            b l d, b l d -> b l d           | b=2 l=3 d=5
            b l d, b l d ->                 | b=2 l=3 d=5
            a b, b -> a                     | a=3 b=4
            b, a b -> a                     | a=3 b=4
            a b, a -> b                     | a=3 b=4
            a, b -> a b                     | a=3 b=4
            a, b -> b a                     | a=3 b=4
            a b, c d -> d b a c             | a=2 b=3 c=4 d=2
            a b c -> c a b                  | a=2 b=3 c=4
            a b c -> b                      | a=2 b=3 c=4
            a b, c b -> a c                 | a=33 b=17 c=18
            b a, b c -> a c                 | a=33 b=17 c=18
            b a, c b -> a c                 | a=33 b=17 c=18
            a b, b c -> c a                 | a=33 b=17 c=18
            b a, c b -> c a                 | a=33 b=17 c=18
            n a b, n b c -> n a c           | n=3 a=4 b=5 c=6
            a n b, b n c -> n a c           | n=3 a=4 b=5 c=6
            a n b, c n b -> a n c           | n=3 a=4 b=5 c=6
            a b n, b c n -> a c n           | n=3 a=4 b=5 c=6
            n a b, b c -> n a c             | n=3 a=4 b=5 c=6
            a n b, b c -> n a c             | n=3 a=4 b=5 c=6
            n a b, b c -> a c n             | n=3 a=4 b=5 c=6
            b l d, d h k -> b h l k         | b=2 l=5 d=8 h=2 k=4
            b h q k, b h s k -> b h q s     | b=2 h=2 q=5 s=6 k=4
            b q h k, b s h k -> b h q s     | b=2 h=2 q=5 s=6 k=4
            b h q s, b s h k -> b q h k     | b=2 h=2 q=5 s=6 k=4
            b h q k, h k d -> b q d         | b=2 h=2 q=5 k=4 d=8
            b q d, b h q k -> h k d         | b=2 h=2 q=5 k=4 d=8
            i p x, i q x -> p q             | i=3 p=4 q=5 x=6
            a b c, b c d -> a d             | a=3 b=4 c=5 d=6
            a b c, c b d -> a d             | a=3 b=4 c=5 d=6
            b a c, c d b -> d a             | a=3 b=4 c=5 d=6
            a b c, b -> a c                 | a=3 b=4 c=5
            a b c, a c -> b                 | a=3 b=4 c=5
            a b, a c, a d -> b c d          | a=3 b=2 c=4 d=5
            a b, b c, c d, d e -> a e       | a=3 b=2 c=4 d=5 e=6
            a b, b c, c a ->                | a=3 b=2 c=4
            , a b -> b                      | a=3 b=2
            , ->                            |
            a, , b -> a b                   | a=3 b=2
            """)
    void contractionsAgree(String text, String sizesText) {
        Equation equation = Equation.words(text);
        ProgramBuilder b = new ProgramBuilder();
        List<Value> operands = new ArrayList<>();
        for (List<Axis> term : equation.inputs()) {
            operands.add(b.input("x" + operands.size(), String.join(" ", term.stream().map(Axis::name).toList())));
        }
        b.output(b.einsum(equation, operands));
        Program program = b.build();
        Sizes sizes = Filling.sizes(sizesText == null ? "" : sizesText);
        PlanCheck.agrees(program, sizes);
        PlanCheck.agreesInPieces(program, sizes, 2);
        for (Axis axis : sizes.axes()) {
            PlanCheck.agrees(program, sizes.with(axis, 1));
            PlanCheck.agrees(program, sizes.with(axis, 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void unaryFunctionsAgree(Unary function) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        boolean positiveOnly = switch (function) {
            case SQRT, RECIPROCAL, RECIPROCAL_SQRT, LOG -> true;
            default -> false;
        };
        b.output(b.apply(function, positiveOnly ? b.map(operand(0).times(operand(0)).plus(constant(0.3)), x) : x));
        PlanCheck.agrees(b.build(), Filling.sizes("a=7 b=19"));
    }

    @ParameterizedTest
    @EnumSource
    void binaryFunctionsAgreeOverEveryLayout(Binary function) {
        boolean power = function.name().startsWith("POWER");
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b c");
        Value base = power ? b.map(operand(0).times(operand(0)).plus(constant(0.3)), x) : x;
        for (String other : List.of("a b c", "c b a", "b a c", "c", "a", "b", "a c", "c a", "")) {
            Value y = b.input("y", other);
            b.output(b.combine(function, base,
                    function == Binary.DIVIDE ? b.map(operand(0).times(operand(0)).plus(constant(0.3)), y) : y));
        }
        b.output(b.combine(function, base, base));
        PlanCheck.agrees(b.build(), Filling.sizes("a=3 b=5 c=18"));
        PlanCheck.agrees(b.build(), Filling.sizes("a=3 b=1 c=1"));
        PlanCheck.agrees(b.build(), Filling.sizes("a=3 b=0 c=2"));
    }

    @Test
    void reductionsOfNothingAgree() {
        for (Reduction reduction : Reduction.values()) {
            ProgramBuilder b = new ProgramBuilder();
            b.output(b.reduce(reduction, b.input("x", "a b"), axes("a")));
            PlanCheck.agrees(b.build(), Filling.sizes("a=2 b=0"));
        }
    }

    /** Sums of exponentials that overflow, or of which there is none, and infinities. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            1000 1000 999,         1000.8622, 1e-3
            -1000 -1000 -1001,     -999.1378, 1e-3
            -Infinity -Infinity -Infinity, -Infinity, 0
            -Infinity 2 -Infinity, 2,         1e-6
            Infinity 2 -Infinity,  Infinity,  0
            Infinity 0 Infinity,   Infinity,  0
            NaN 0 1,               NaN,       0
            """)
    void logSumExpDoesNotOverflow(String elements, double expected, double tolerance) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        b.output("y", b.reduce(Reduction.LOG_SUM_EXP, x, List.of()));
        Program program = b.build();
        double[] numbers = Arrays.stream(elements.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
        for (Precision precision : Precision.values()) {
            try (Session session = new Session(Plan.compile(program, Filling.sizes("a=3"), precision))) {
                session.array(x).assign(Nd4j.createFromArray(numbers));
                session.run();
                double actual = session.array(program.outputs().getFirst()).getDouble(0);
                assertThat(Double.compare(actual, expected) == 0 || Math.abs(actual - expected) <= tolerance)
                        .as("%s in %s: %s", elements, precision, actual).isTrue();
            }
        }
    }

    @Test
    void slicesOfSlicesAndMergesOfSplitsAgree() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a k c");
        Value slice = b.slice(x, new Axis("k"), axes("p q p"), 2);
        Value inner = b.slice(slice, new Axis("p"), axes("r s"), 1);
        Value permuted = b.map(operand(0), List.of(inner), axes("c s a"));
        Value merged = b.merge(permuted, axes("c s"), new Axis("m"));
        Value split = b.split(merged, new Axis("m"), axes("u v"));
        b.output(slice);
        b.output(inner);
        b.output(b.softmax(split, new Axis("u")));
        b.output(b.merge(inner, axes("a s"), new Axis("n")));
        b.output(b.einsum("a s c, c s -> a", inner, b.input("w", "c s")));
        b.output(b.concatenate(List.of(inner, inner), new Axis("t"), axes("s s"), List.of(0, 1)));
        PlanCheck.agrees(b.build(), Filling.sizes("a=3 c=4 p=5 q=2 r=2 u=6"));
    }

    /** A sum over a sliced axis must not read past the slice. */
    @Test
    void contractionsOfViewsAgree() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "b l k");
        Value h = b.split(x, new Axis("k"), axes("three h d"));
        Value w = b.input("w", "d e");
        Value part = b.slice(b.merge(h, axes("three h"), new Axis("n")), new Axis("n"), axes("h h h"), 1);
        b.output(b.einsum("b l h d, d e -> b h l e", part, w));
        b.output(b.einsum("b l h d, b m h d -> b h l m", part, part));
        b.output(b.causalSoftmax(b.einsum("b q h d, b s h d -> b q h s", part, part), new Axis("s"), new Axis("q")));
        PlanCheck.agrees(b.build(), Filling.sizes("b=2 l=4 three=3 h=2 d=5 e=3"));
    }

    @Test
    void inputsViewsAndRepeatedValuesCanBeOutputs() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        Value unused = b.input("unused", "b");
        Value y = b.apply(Unary.EXP, x);
        b.output(x);
        b.output(unused);
        b.output(y);
        b.output(y);
        b.output("copy", y);
        b.output(b.merge(y, axes("a b"), new Axis("k")));
        b.output(b.slice(y, new Axis("b"), axes("p q"), 1));
        b.output(b.split(x, new Axis("b"), axes("u v")));
        b.output(b.slice(x, new Axis("a"), axes("r s"), 1));
        b.output(b.iota(new Axis("a")));
        b.output(b.map(constant(2), List.of(), axes("a b")));
        b.output(b.map(new Pointwise.Volume(axes("a b"))));
        PlanCheck.agrees(b.build(), Filling.sizes("a=3 b=6 p=2 u=2 r=1"));
    }

    /** Long chains of maps over many operands, more than one kernel takes. */
    @Test
    void longExpressionsAgree() {
        ProgramBuilder b = new ProgramBuilder();
        List<Value> operands = new ArrayList<>();
        Pointwise sum = constant(0);
        for (int i = 0; i < 12; i++) {
            operands.add(b.input("x" + i, i % 3 == 0 ? "a b" : i % 3 == 1 ? "b" : "b a"));
            sum = sum.plus(apply(Unary.TANH, operand(i))
                    .times(combine(Binary.MAXIMUM, operand((i + 5) % 12), constant(i - 6))));
        }
        Value y = b.map(sum, operands, axes("a b"));
        for (int i = 0; i < 12; i++) {
            y = b.map(operand(0).times(constant(0.5)).plus(operand(1)), y, operands.get(i));
        }
        b.output(y);
        PlanCheck.agrees(b.build(), Filling.sizes("a=70 b=33"));
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "100, 200", "200, 300"})
    void randomProgramsAgree(long from, long to) {
        LongStream.range(from, to).forEach(seed -> agrees(seed, RandomPrograms.of(seed), true));
    }

    /** In double only: where the program has a kink, rounding to float may fall on the other side of it. */
    @Tag("once")
    @ParameterizedTest
    @CsvSource({"300, 400", "400, 500"})
    void gradientsOfRandomProgramsAgree(long from, long to) {
        LongStream.range(from, to).forEach(seed -> agrees(seed, RandomPrograms.withGradient(seed), false));
    }

    private static void agrees(long seed, RandomPrograms.Sample sample, boolean inFloat) {
        try {
            PlanCheck.agrees(sample.program(), sample.sizes(), Precision.DOUBLE, 1e-9);
            PlanCheck.agreesInPieces(sample.program(), sample.sizes(), Precision.DOUBLE, 3, 1e-9);
            if (inFloat) {
                PlanCheck.agrees(sample.program(), sample.sizes(), Precision.FLOAT, 1e-3);
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + sample.program() + "\nwith " + sample.sizes(), e);
        }
    }

    @Test
    void rowsLongerThanKernelsCountAreRefused() {
        Axis n = new Axis("n");
        Map<String, BiFunction<ProgramBuilder, Value, Value>> rows = Map.of("softmax", (b, x) -> b.softmax(x, n),
                "normalise", (b, x) -> b.normalise(Norm.RMS, x, n, 1e-5), "cross-entropy",
                (b, x) -> b.crossEntropy(x, b.input("t", "b"), n));
        rows.forEach((what, operation) -> {
            ProgramBuilder b = new ProgramBuilder();
            b.output(operation.apply(b, b.input("x", "n b")));
            Program program = b.build();
            Plan.compile(program, Sizes.of(Map.of("n", 1 << 30, "b", 3)), Precision.FLOAT);
            Plan.compile(program, Sizes.of(Map.of("n", (1 << 30) + 1, "b", 0)), Precision.FLOAT);
            assertThatThrownBy(
                    () -> Plan.compile(program, Sizes.of(Map.of("n", (1 << 30) + 1, "b", 3)), Precision.FLOAT))
                    .isInstanceOf(ProgramError.class)
                    .hasMessage(
                            what + " of 'x' [n b] along axis 'n': its size is 1073741825; expected at most 1073741824");
        });
    }

    @Test
    void sizesThatDisagreeAreRefused() {
        ProgramBuilder b = new ProgramBuilder();
        b.output(b.einsum("i j, j k -> i k", b.input("x", "a b"), b.input("y", "c d")));
        Program program = b.build();
        PlanCheck.agrees(program, Filling.sizes("a=2 b=3 d=4"));
        assertThatThrownBy(() -> Plan.compile(program, Filling.sizes("a=2 b=3 c=5 d=4"), Precision.FLOAT))
                .hasMessageContaining("axis 'c' is 5, but 3");
        assertThatThrownBy(() -> Plan.compile(program, Filling.sizes("a=2 b=3"), Precision.FLOAT))
                .hasMessageContaining("axis 'd'").hasMessageContaining("has no size");
    }
}
