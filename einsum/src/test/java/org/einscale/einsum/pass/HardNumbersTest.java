package org.einscale.einsum.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Normalise;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Derivatives at 0, at numbers near the ends of the range and at infinity: wherever a function's slope is finite, or has a finite
 * limit, so is its gradient, in the interpreter and in plans of both precisions. Rows that float32 cannot hold are for float64.
 */
class HardNumbersTest {
    private static final Axis A = new Axis("a");

    /** A function of some inputs over one axis each. */
    private interface Function {
        Value of(ProgramBuilder b, List<Value> inputs);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            NEGATE,          0 1e300 Infinity -Infinity,                -1 -1 -1 -1
            ABS,             0 -0.0 1e-310 -1e-310 Infinity -Infinity,  0 0 1 -1 1 -1
            SIGN,            0 1e-310 1e300 -Infinity,                  0 0 0 0
            SQUARE,          0 1e-300 -1e300 1e-30 1e30,                0 2e-300 -2e300 2e-30 2e30
            SQRT,            0 1e-300 1e300 1e-30 1e30 Infinity,        Infinity 5e149 5e-151 5e14 5e-16 0
            RECIPROCAL,      1e-150 1e300 1e-15 -1e15 Infinity,         -1e300 0 -1e30 -1e-30 0
            RECIPROCAL_SQRT, 1e-200 1e300 1e-20 1e20 Infinity,          -5e299 0 -5e29 -5e-31 0
            EXP,             0 -1e300 -1000 -Infinity,                  1 0 0 0
            LOG,             1e-300 1e300 1e-30 1e30 Infinity,          1e300 1e-300 1e30 1e-30 0
            TANH,            0 1e-310 1e300 -1e30 Infinity -Infinity,   1 1 0 0 0 0
            SIGMOID,         0 1e-310 1e300 -1e30 Infinity -Infinity,   0.25 0.25 0 0 0 0
            GELU,            0 1e-310 1e300 -1e300 1e30 -1e30 1e15 -1e15 Infinity -Infinity, 0.5 0.5 1 0 1 0 1 0 1 0
            SILU,            0 1e-310 1e300 -1e300 1e30 -1e30 1e15 -1e15 Infinity -Infinity, 0.5 0.5 1 0 1 0 1 0 1 0
            RELU,            0 -0.0 1e-310 1e300 -1e300 Infinity -Infinity, 0 0 1 1 0 1 0
            HEAVISIDE,       0 1e300 -Infinity,                         0 0 0
            SIN,             0 1e-310,                                  1 1
            COS,             0 1e-310,                                  0 0
            """)
    void functions(Unary function, String x, String slopes) {
        for (int i = 0; i < numbers(x).length; i++) {
            check((b, inputs) -> b.apply(function, inputs.getFirst()), List.of(one(x, i)), List.of(one(slopes, i)));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ADD,      Infinity, 1e300,     1,        1
            SUBTRACT, 0,        -Infinity, 1,        -1
            MULTIPLY, 1e300,    1e-300,    1e-300,   1e300
            MULTIPLY, 0,        1e30,      1e30,     0
            DIVIDE,   0,        1e-200,    1e200,    0
            DIVIDE,   1e-300,   1e-200,    1e200,    -1e100
            DIVIDE,   1e-30,    1e-25,     1e25,     -1e20
            DIVIDE,   1e250,    1e200,     1e-200,   -1e-150
            DIVIDE,   1e30,     1e25,      1e-25,    -1e-20
            DIVIDE,   3,        Infinity,  0,        0
            MAXIMUM,  Infinity, Infinity,  1,        0
            MAXIMUM,  -0.0,     1e-310,    0,        1
            MINIMUM,  -Infinity, -Infinity, 1,       0
            MINIMUM,  0,        0,         1,        0
            POWER,    0,        2,         0,        0
            POWER,    0,        1,         1,        0
            POWER,    0,        0.5,       Infinity, 0
            POWER,    0,        0,         0,        0
            POWER,    -0.0,     3,         0,        0
            POWER,    1e-310,   0,         0,        -713.801378
            POWER,    1e-310,   1e-20,     1e290,    -713.801378
            POWER,    1e-200,   3,         0,        0
            POWER,    1e200,    1,         1,        4.60517019e202
            POWER,    Infinity, -1,        0,        0
            POWER,    Infinity, 0.5,       0,        Infinity
            POWER,    Infinity, 1,         1,        Infinity
            POWER,    1,        1e30,      1e30,     0
            POWER,    0.5,      Infinity,  0,        0
            POWER,    -2,       2,         -4,       NaN
            GREATER,  Infinity, 0,         0,        0
            EQUAL,    Infinity, Infinity,  0,        0
            WEIGH,    0,        1e30,      1e30,     0
            """)
    void functionsOfTwo(Binary function, String x, String y, String byX, String byY) {
        check((b, inputs) -> b.combine(function, inputs.get(0), inputs.get(1)), List.of(numbers(x), numbers(y)),
                List.of(numbers(byX), numbers(byY)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            PROD, 1e-30 1e-30 1e30,            1 1 1e-60
            PROD, 1e200 1e200,                 1e200 1e200
            PROD, 1e200 1e200 1e-200 1e-200,   1e-200 1e-200 1e200 1e200
            PROD, 1e30 1e30 1e-30 1e-30,       1e-30 1e-30 1e30 1e30
            PROD, 1e-310 1e300 1e10,           1e310 1e-300 1e-10
            PROD, 0 1e30 1e-30,                1 0 0
            PROD, 0 0 1e300,                   0 0 0
            PROD, Infinity 2 3,                6 Infinity Infinity
            PROD, Infinity -2 3,               -6 Infinity -Infinity
            PROD, Infinity 0,                  0 Infinity
            PROD, NaN 2,                       2 NaN
            SUM,  Infinity 1e300 0,            1 1 1
            MEAN, Infinity 1e30 -1e300 0,      0.25 0.25 0.25 0.25
            MAX,  Infinity 1e30 Infinity,      0.5 0 0.5
            MAX,  -Infinity -Infinity,         0.5 0.5
            MIN,  Infinity 1e-310 0 -0.0,      0 0 0.5 0.5
            LOG_SUM_EXP, Infinity 0 -Infinity, 1 0 0
            LOG_SUM_EXP, Infinity 0 Infinity,  0.5 0 0.5
            LOG_SUM_EXP, -Infinity -Infinity,  0 0
            LOG_SUM_EXP, 100000 99999,         0.731058579 0.268941421
            LOG_SUM_EXP, -Infinity 1e300,      0 1
            LOG_SUM_EXP, -1e30 1e30 1e30,      0 0.5 0.5
            LOG_SUM_EXP, 1e-310 0,             0.5 0.5
            LOG_SUM_EXP, NaN 0,                NaN NaN
            """)
    void reductions(Reduction reduction, String x, String slopes) {
        check((b, inputs) -> b.reduce(reduction, inputs.getFirst(), List.of()), List.of(numbers(x)),
                List.of(numbers(slopes)));
    }

    /** The weights stand for the cotangent of a row. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            RMS,   1e-5, 3e200 4e200,   1 0,   1.81019336e-201 -1.35764502e-201
            RMS,   1e-5, 3e30 4e30,     1 0,   1.81019336e-31 -1.35764502e-31
            RMS,   1e-5, 0 0,           1 0,   316.227766 0
            RMS,   1e-5, 1e-310 0,      1 0,   316.227766 0
            RMS,   0,    3e-200 4e-200, 1 0,   1.81019336e199 -1.35764502e199
            RMS,   0,    3e-30 4e-30,   1 0,   1.81019336e29 -1.35764502e29
            RMS,   1e-5, Infinity 1,    1 2,   0 0
            LAYER, 1e-5, 1e200 2e200 3e200, 1 0 0, 2.04124145e-201 -4.0824829e-201 2.04124145e-201
            LAYER, 1e-5, 1e30 2e30 3e30, 1 0 0,    2.04124145e-31 -4.0824829e-31 2.04124145e-31
            LAYER, 1e-5, 0 0,           1 0,   158.113883 -158.113883
            LAYER, 1e-5, Infinity 1,    1 2,   0 0
            """)
    void norms(Norm norm, double epsilon, String x, String weights, String slopes) {
        check((b, inputs) -> {
            Value y = b.append("y", inputs.getFirst().axes(), new Normalise(norm, inputs.getFirst(), A, epsilon));
            return b.einsum("a, a ->", y, inputs.get(1));
        }, List.of(numbers(x), numbers(weights)), List.of(numbers(slopes)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1e300 -1e300,        1 0, 0 0
            1e30 -1e30,          1 2, 0 0
            Infinity 0,          1 2, 0 0
            -Infinity 0,         1 2, 0 0
            -Infinity 0 0,       1 2 4, 0 -0.5 0.5
            1e-310 0,            1 2, -0.25 0.25
            """)
    void softmax(String x, String weights, String slopes) {
        check((b, inputs) -> b.einsum("a, a ->", b.softmax(inputs.get(0), A), inputs.get(1)),
                List.of(numbers(x), numbers(weights)), List.of(numbers(slopes)));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1e300 -1e300,  0, 0 0
            1e300 -1e300,  1, 1 -1
            1e38 -1e38,    0, 0 0
            1e38 -1e38,    1, 1 -1
            3e38 -3e38,    1, 1 -1
            Infinity 0,    0, 0 0
            Infinity 0,    1, 1 -1
            -Infinity 0,   0, -1 1
            -Infinity 0,   1, 0 0
            0 -0.0,        0, -0.5 0.5
            """)
    void crossEntropy(String logits, String target, String slopes) {
        check((b, inputs) -> b.crossEntropy(inputs.get(0), b.reduce(Reduction.SUM, inputs.get(1), List.of()), A),
                List.of(numbers(logits), numbers(target)), List.of(numbers(slopes)));
    }

    /** What does not depend on x has no slope by it, even where the slope of what it passes through is infinite. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            -1, 0.5, 0, 0
            -1, 2,   0, 0
            0,  2,   0, 0
            0,  1,   1, 0
            4,  0.5, 0.25, 2.77258872
            """)
    void powerOfARectifiedNumber(String x, String p, String byX, String byP) {
        Pointwise rectified = combine(Binary.MAXIMUM, operand(0), constant(0));
        check((b, inputs) -> b.map(combine(Binary.POWER, rectified, operand(1)), inputs.get(0), inputs.get(1)),
                List.of(numbers(x), numbers(p)), List.of(numbers(byX), numbers(byP)));
    }

    @ParameterizedTest
    @EnumSource(names = {"SQRT", "LOG", "RECIPROCAL", "RECIPROCAL_SQRT"})
    void functionsOfARectifiedNumber(Unary function) {
        List<double[]> below = List.of(new double[]{-1});
        List<double[]> none = List.of(new double[]{0});
        Pointwise rectified = Pointwise.apply(Unary.RELU, operand(0));
        check((b, inputs) -> b.map(Pointwise.apply(function, rectified), inputs.getFirst()), below, none);
        check((b, inputs) -> b.apply(function, b.map(rectified, inputs.getFirst())), below, none);
        check((b, inputs) -> b.apply(function, b.combine(Binary.MAXIMUM, inputs.getFirst(), b.map(constant(0)))), below,
                none);
    }

    private static void check(Function function, List<double[]> given, List<double[]> slopes) {
        ProgramBuilder b = new ProgramBuilder();
        List<Value> inputs = new ArrayList<>();
        Sizes sizes = Filling.sizes("");
        for (int i = 0; i < given.size(); i++) {
            Axis axis = given.get(i).length == given.getFirst().length ? A : new Axis("b");
            inputs.add(b.input("x" + i, axis.name()));
            sizes = sizes.with(axis, given.get(i).length);
        }
        Value y = function.of(b, inputs);
        Value loss = y.axes().isEmpty() ? y : b.reduce(Reduction.SUM, y, List.of());
        List<Value> by = inputs.subList(0, slopes.size());
        Gradient.Result gradient = Gradient.of(b.build(), loss, by);
        ProgramBuilder outputs = new ProgramBuilder(gradient.program());
        by.forEach(input -> outputs.output(Objects.requireNonNull(gradient.of().get(input))));
        Program program = outputs.build();
        Map<Value, INDArray> arrays = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            arrays.put(inputs.get(i), Nd4j.createFromArray(given.get(i)));
        }
        Map<Value, INDArray> interpreted = Interpreter.run(program, sizes, arrays).values();
        for (int i = 0; i < by.size(); i++) {
            Value of = Objects.requireNonNull(gradient.of().get(by.get(i)));
            compare("interpreter", by.get(i), Objects.requireNonNull(interpreted.get(of)).toDoubleVector(),
                    slopes.get(i), 1e-8);
        }
        planned(program, sizes, arrays, by, gradient, slopes, Precision.DOUBLE);
        if (given.stream().allMatch(HardNumbersTest::fitsFloat)) {
            planned(program, sizes, arrays, by, gradient, slopes, Precision.FLOAT);
        }
    }

    private static void planned(Program program, Sizes sizes, Map<Value, INDArray> arrays, List<Value> by,
            Gradient.Result gradient, List<double[]> slopes, Precision precision) {
        try (Session session = new Session(Plan.compile(program, sizes, precision))) {
            arrays.forEach((value, array) -> session.array(value).assign(array));
            session.run();
            for (int i = 0; i < by.size(); i++) {
                INDArray found = session.array(Objects.requireNonNull(gradient.of().get(by.get(i))));
                compare(precision + " plan", by.get(i),
                        Arrays.stream(found.dup('c').data().asDouble()).toArray(), slopes.get(i),
                        precision == Precision.FLOAT ? 1e-5 : 1e-8);
            }
        }
    }

    private static boolean fitsFloat(double[] numbers) {
        return Arrays.stream(numbers)
                .allMatch(x -> x == 0 || !Double.isFinite(x) || Float.isFinite((float) x) && (float) x != 0);
    }

    private static void compare(String what, Value by, double[] found, double[] expected, double tolerance) {
        assertThat(found).as("%s, by %s", what, by).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            double smallest = tolerance > 1e-6 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
            double wanted = tolerance > 1e-6 ? (float) expected[i] : expected[i];
            boolean close = found[i] == wanted || Double.isNaN(found[i]) && Double.isNaN(wanted)
                    || Math.abs(found[i] - wanted) <= tolerance * Math.abs(wanted) + smallest;
            assertThat(close).as("%s, by %s at %d: %s, expected %s", what, by, i, found[i], wanted).isTrue();
        }
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.strip().split(" +")).mapToDouble(Double::parseDouble).toArray();
    }

    private static double[] one(String text, int index) {
        return new double[]{numbers(text)[index]};
    }
}
