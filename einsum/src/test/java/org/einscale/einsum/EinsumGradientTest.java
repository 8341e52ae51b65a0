package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.tensor.Precision;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients against central differences of the definition. */
class EinsumGradientTest {
    /** A sum of products is linear in each operand, so that differences over any distance are its slope. */
    private static final double LINEAR_STEP = 1;
    private static final double STEP = 1e-5;

    @Test
    void randomSumsOfProductsHaveTheirSlopes() {
        Random random = new Random(11);
        RandomSamples samples = new RandomSamples(random, 4);
        List<String> wrong = new ArrayList<>();
        for (int checked = 0; checked < 300;) {
            Sample sample = samples.next();
            if (sample.binding().sizes().volume(sample.binding().sizes().axes()) <= 256) {
                checked++;
                wrong.addAll(mistakes(sample, sample.einsum(), random, EinsumGradientTest::sumOfProducts, LINEAR_STEP));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void gradientsInFloat32AreThoseInFloat64ButForRounding() {
        Random random = new Random(16);
        RandomSamples samples = new RandomSamples(random, 4);
        List<String> wrong = new ArrayList<>();
        for (int checked = 0; checked < 300; checked++) {
            Sample sample = samples.next();
            long[] shape = sample.binding().result().shape();
            double[] cotangent = TestArrays.uniform(random, TestArrays.volume(shape));
            INDArray[] exact = gradients(sample, Precision.DOUBLE, cotangent, shape);
            INDArray[] rounded = gradients(sample, Precision.FLOAT, cotangent, shape);
            for (int i = 0; i < exact.length; i++) {
                if (rounded[i].dataType() != Precision.FLOAT.dataType()
                        || !TestArrays.close(TestArrays.elements(rounded[i]), TestArrays.elements(exact[i]), 1e-4)) {
                    wrong.add(sample + ", gradient " + i + ": float64 " + exact[i] + ", float32 " + rounded[i]);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static INDArray[] gradients(Sample sample, Precision precision, double[] cotangent, long[] shape) {
        return sample.einsum().compile(precision, sample.shapeArray()).gradient().apply(
                TestArrays.rowMajor(precision.dataType(), cotangent, shape), sample.operands(precision));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            contract  | i j, j k -> i k         | 2 3, 3 4        |
            contract  | i i ->                  | 3 3             |
            contract  | i i -> i                | 3 3             |
            contract  | i -> i i                | 3               |
            contract  | i j, k -> i             | 2 3, 4          |
            contract  | i j, i j, i j -> i      | 2 3, 2 3, 2 3   |
            contract  | ... i, i j -> ... j     | 2 3 4, 4 2      |
            contract  | i j, i j -> i j         | 2 1, 1 3        |
            contract  | (a b) c, c a -> (b c)   | 6 4, 4 2        | a=2
            contract  | a 1, 1 b -> a b         | 2 1, 1 3        |
            contract  | i, ->                   | 3,              |
            rearrange | b l (h k) -> b h l k    | 2 3 4           | h=2
            rearrange | a b -> (b a) 1          | 2 3             |
            repeat    | l d -> b l d            | 2 3             | b=4
            repeat    | l d -> (l r) d          | 2 3             | r=2
            """)
    void slopes(String rule, String text, String shapes, @Nullable String parts) {
        Equation equation = switch (rule) {
            case "rearrange" -> Equation.rearrange(text);
            case "repeat" -> Equation.repeat(text);
            default -> Equation.words(text);
        };
        Random random = new Random(12);
        Sample sample = Sample.of(equation, true, parts(parts), shapes(shapes), random);
        assertThat(mistakes(sample, sample.einsum(), random, EinsumGradientTest::sumOfProducts, LINEAR_STEP)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void reductionsHaveTheirValuesAndSlopes(Reduction reduction) {
        Random random = new Random(13);
        List<String> wrong = new ArrayList<>();
        for (String text : List.of("b l d -> b d", "b l d ->", "b l d -> d b l", "(b x) l d -> x d", "b l l -> b",
                "b l d -> d 1", "b l ... -> ... b")) {
            long[] shape = text.contains("l l") ? new long[]{2, 3, 3} : new long[]{2, 3, 4};
            Map<String, Integer> parts = text.contains("x") ? Map.of("x", 2) : Map.of();
            Sample sample = Sample.of(Equation.reduce(text), false, parts, List.of(shape), random);
            Einsum einsum = sample.einsum(Einsum.reduce(text, reduction));
            double[] found = TestArrays.elements(einsum.apply(sample.operands(Precision.DOUBLE)));
            if (!TestArrays.close(found, reduced(reduction, sample), 1e-9)) {
                wrong.add(reduction + " " + sample + ": found " + Arrays.toString(found));
            }
            wrong.addAll(mistakes(sample, einsum, random, other -> reduced(reduction, other), STEP));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aConstantHasNoGradient() {
        Random random = new Random(14);
        Sample sample = Sample.of(Equation.of("ij,jk->ik"), false, Map.of(), shapes("2 3, 3 4"), random);
        INDArray[] operands = sample.operands(Precision.DOUBLE);
        INDArray cotangent = TestArrays.rowMajor(Precision.DOUBLE.dataType(), TestArrays.uniform(random, 8),
                new long[]{2, 4});
        CompiledEinsum expression = sample.einsum().compile(Precision.DOUBLE, sample.shapeArray());
        INDArray[] both = expression.gradient().apply(cotangent, operands);
        INDArray[] one = expression.bind(1, operands[1]).gradient().apply(cotangent, operands[0]);
        assertThat(both).hasSize(2);
        assertThat(one).hasSize(1);
        assertThat(one[0]).isEqualTo(both[0]);
    }

    @Test
    void gradientsThatShareMemoryAreRefused() {
        Sample sample = Sample.of(Equation.of("i,i->i"), false, Map.of(), shapes("3, 3"), new Random(15));
        INDArray[] operands = sample.operands(Precision.DOUBLE);
        EinsumGradient gradient = sample.einsum().compile(Precision.DOUBLE, sample.shapeArray()).gradient();
        INDArray cotangent = operands[0].dup();
        INDArray one = operands[0].dup();
        assertThatThrownBy(() -> gradient.into(new INDArray[]{one, one}, cotangent, operands))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("shares memory");
        assertThatThrownBy(() -> gradient.into(new INDArray[]{one}, cotangent, operands))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 2 arrays for results, found 1");
    }

    private static double[] sumOfProducts(Sample sample) {
        return DirectEinsum.sumOfProducts().of(sample.binding(), sample.elements());
    }

    private static double[] reduced(Reduction reduction, Sample sample) {
        DirectEinsum direct = switch (reduction) {
            case SUM, MEAN -> DirectEinsum.sumOfProducts();
            case MAX -> new DirectEinsum(Math::max, (x, y) -> x * y, Double.NEGATIVE_INFINITY, 1);
            case MIN -> new DirectEinsum(Math::min, (x, y) -> x * y, Double.POSITIVE_INFINITY, 1);
            case PROD -> new DirectEinsum((x, y) -> x * y, (x, y) -> x * y, 1, 1);
            case LOG_SUM_EXP -> new DirectEinsum(Semiring.LOG::plus, Semiring.LOG::times, Double.NEGATIVE_INFINITY, 0);
        };
        Binding binding = sample.binding();
        double[] values = direct.of(binding, sample.elements());
        double terms = (double) binding.sizes().volume(binding.sizes().axes()) / values.length;
        return reduction == Reduction.MEAN ? Arrays.stream(values).map(x -> x / terms).toArray() : values;
    }

    /** What the gradients of {@code sum(result * cotangent)} miss. */
    private static List<String> mistakes(Sample sample, Einsum einsum, Random random,
            Function<Sample, double[]> definition, double step) {
        long[] shape = sample.binding().result().shape();
        double[] cotangent = TestArrays.uniform(random, TestArrays.volume(shape));
        ToDoubleFunction<Sample> dotted = other -> dot(definition.apply(other), cotangent);
        List<String> wrong = new ArrayList<>();
        try {
            INDArray[] found = einsum.compile(Precision.DOUBLE, sample.shapeArray()).gradient().apply(
                    TestArrays.view(random, Precision.DOUBLE.dataType(), cotangent, shape),
                    sample.views(random, Precision.DOUBLE));
            for (int i = 0; i < found.length; i++) {
                double[] wanted = slopes(sample, i, dotted, step);
                double[] elements = TestArrays.elements(found[i]);
                if (!Arrays.equals(found[i].shape(), sample.shapes().get(i))
                        || !TestArrays.close(elements, wanted, step == LINEAR_STEP ? 1e-9 : 1e-6)) {
                    wrong.add(sample + ", gradient " + i + ": expected " + Arrays.toString(wanted) + ", found "
                            + Arrays.toString(elements));
                }
            }
        } catch (RuntimeException e) {
            wrong.add(sample + ": " + e);
        }
        return wrong;
    }

    private static double[] slopes(Sample sample, int operand, ToDoubleFunction<Sample> function, double step) {
        double[] slopes = new double[sample.elements().get(operand).length];
        Arrays.setAll(slopes, i -> (function.applyAsDouble(moved(sample, operand, i, step))
                - function.applyAsDouble(moved(sample, operand, i, -step))) / (2 * step));
        return slopes;
    }

    private static Sample moved(Sample sample, int operand, int element, double by) {
        List<double[]> elements = new ArrayList<>(sample.elements());
        double[] own = elements.get(operand).clone();
        own[element] += by;
        elements.set(operand, own);
        return sample.withElements(elements);
    }

    private static double dot(double[] x, double[] y) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i] * y[i]).sum();
    }

    private static List<long[]> shapes(String text) {
        return Arrays.stream(text.split(",", -1)).map(shape -> Stream.of(shape.strip().split(" "))
                .filter(size -> !size.isEmpty()).mapToLong(Long::parseLong).toArray()).toList();
    }

    private static Map<String, Integer> parts(@Nullable String text) {
        return text == null
                ? Map.of()
                : Stream.of(text.split(",")).map(part -> part.split("="))
                        .collect(Collectors.toMap(part -> part[0], part -> Integer.valueOf(part[1])));
    }
}
