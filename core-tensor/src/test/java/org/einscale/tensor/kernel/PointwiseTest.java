package org.einscale.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.scalar.ScalarKernels;
import org.einscale.tensor.kernel.vector.FastKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PointwiseTest {
    private static final Kernels FAST = FastKernels.of(Precision.FLOAT);
    private static final Kernels PLAIN = ScalarKernels.of(Precision.FLOAT);
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 27, 33, 1000};
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY, 88.7f, 88.8f, -87.3f, -88f, 100f, -100f, 1e-30f, -1e-30f, 1e10f, -1e10f, 0.624f,
        0.626f, -0.625f, 9f, -9f, 20f, -20f, Float.MAX_VALUE, Float.MIN_NORMAL};

    @ParameterizedTest
    @EnumSource
    void unaryAgreesWithItsDefinitionAtEveryLength(Unary function) {
        for (int n : LENGTHS) {
            try (Floats floats = new Floats()) {
                long x = floats.normal(n, "x");
                long expected = floats.space(n);
                long actual = floats.space(n);
                FAST.unary(Unary.SQUARE).run(x, x, function == Unary.LOG ? n : 0);
                PLAIN.unary(function).run(expected, x, n);
                FAST.unary(function).run(actual, x, n);
                Floats.assertClose(Floats.read(actual, n), Floats.read(expected, n), 1e-6, function.text());
                FAST.unary(function).run(x, x, n);
                assertThat(Floats.read(x, n)).as("in place").isEqualTo(Floats.read(actual, n));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void unaryAgreesWithItsDefinitionAtSpecialValues(Unary function) {
        try (Floats floats = new Floats()) {
            long x = floats.of(SPECIAL);
            long expected = floats.space(SPECIAL.length);
            long actual = floats.space(SPECIAL.length);
            PLAIN.unary(function).run(expected, x, SPECIAL.length);
            FAST.unary(function).run(actual, x, SPECIAL.length);
            float[] plain = Floats.read(expected, SPECIAL.length);
            float[] fast = Floats.read(actual, SPECIAL.length);
            for (int i = 0; i < SPECIAL.length; i++) {
                Floats.assertClose(new float[]{fast[i]}, new float[]{plain[i]}, 2e-6,
                        function.text() + "(" + SPECIAL[i] + ")");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void binaryAgreesWithItsDefinition(Binary function) {
        for (int n : LENGTHS) {
            try (Floats floats = new Floats()) {
                long x = floats.normal(n, "x");
                long y = floats.normal(n, "y");
                long actual = floats.space(n);
                long expected = floats.space(n);
                FAST.copy(x, 1, y, 1, n / 2);
                PLAIN.binary(function).run(expected, x, y, n);
                FAST.binary(function).run(actual, x, y, n);
                Floats.assertClose(Floats.read(actual, n), Floats.read(expected, n), 1e-6, function.name());
                FAST.binary(function).run(y, x, y, n);
                assertThat(Floats.read(y, n)).as("in place").isEqualTo(Floats.read(actual, n));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void binaryAgreesWithItsDefinitionAtSpecialValues(Binary function) {
        try (Floats floats = new Floats()) {
            int n = SPECIAL.length;
            for (float other : SPECIAL) {
                long x = floats.of(SPECIAL);
                long y = floats.space(n);
                long actual = floats.space(n);
                long expected = floats.space(n);
                FAST.fill(y, other, n);
                PLAIN.binary(function).run(expected, x, y, n);
                FAST.binary(function).run(actual, x, y, n);
                Floats.assertClose(Floats.read(actual, n), Floats.read(expected, n), 1e-6, function + " by " + other);
            }
        }
    }

    @Test
    void expIsWithinTwoUnitsInTheLastPlace() {
        try (Floats floats = new Floats()) {
            int n = 100_000;
            long x = floats.space(n);
            for (int i = 0; i < n; i++) {
                org.einscale.tensor.memory.Raw.putFloat(x + 4L * i, -87.3f + 176f * i / n);
            }
            float[] input = Floats.read(x, n);
            FAST.unary(Unary.EXP).run(x, x, n);
            float[] output = Floats.read(x, n);
            for (int i = 0; i < n; i++) {
                double expected = Math.exp(input[i]);
                assertThat(Math.abs(output[i] - expected)).as("exp(%s)", input[i])
                        .isLessThanOrEqualTo(2 * Math.ulp((float) expected));
            }
        }
    }

    @Test
    void expOfZeroIsOneAndOfMuchLessIsZero() {
        try (Floats floats = new Floats()) {
            long x = floats.of(0, -0f, -88, -1e30f, Float.NEGATIVE_INFINITY, 89, Float.POSITIVE_INFINITY, Float.NaN);
            FAST.unary(Unary.EXP).run(x, x, 8);
            assertThat(Floats.read(x, 8)).containsExactly(1, 1, 0, 0, 0, Float.POSITIVE_INFINITY,
                    Float.POSITIVE_INFINITY, Float.NaN);
        }
    }

    @Test
    void derivativesAreThoseOfTheFunctions() {
        record Pair(Unary function, Unary derivative) {}
        for (Pair pair : new Pair[]{new Pair(Unary.GELU, Unary.GELU_DERIVATIVE),
            new Pair(Unary.SILU, Unary.SILU_DERIVATIVE), new Pair(Unary.RELU, Unary.HEAVISIDE),
            new Pair(Unary.EXP, Unary.EXP), new Pair(Unary.SIN, Unary.COS)}) {
            for (double x : new double[]{-5, -1.3, -0.1, 0.2, 1, 3, 7}) {
                double slope = (pair.function.apply(x + 1e-5) - pair.function.apply(x - 1e-5)) / 2e-5;
                assertThat(pair.derivative.apply(x)).isCloseTo(slope,
                        org.assertj.core.api.Assertions.within(1e-7 * (1 + Math.abs(slope))));
            }
        }
    }

    @Test
    void textsAreTheNamesOfLayers() {
        assertThat(Arrays.stream(Unary.values()).map(Unary::text)).contains("rsqrt", "gelu_derivative", "reciprocal",
                "heaviside");

    }
}
