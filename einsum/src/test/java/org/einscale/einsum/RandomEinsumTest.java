package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.path.finder.Paths;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.tensor.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Random einsums over arrays of any strides against their definition. */
class RandomEinsumTest {

    @Tag("once")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void valuesAreThoseOfTheDefinition(int seed) {
        valuesAreThoseOfTheDefinition(seed, Precision.DOUBLE, 2000);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13, 14, 15, 16})
    void valuesInFloatAreThoseOfTheDefinition(int seed) {
        valuesAreThoseOfTheDefinition(seed, Precision.FLOAT, 500);
    }

    private static void valuesAreThoseOfTheDefinition(int seed, Precision precision, int count) {
        Random random = new Random(seed);
        RandomSamples samples = new RandomSamples(random, 5);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            check(samples.next(), random, Semiring.SUM_PRODUCT, precision, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void samplesHaveComposedAxesAndEllipsesInOneTerm() {
        RandomSamples samples = new RandomSamples(new Random(9), 3);
        List<String> both = Stream.generate(samples::next).limit(2000).map(sample -> sample.equation().text())
                .filter(text -> Stream.of(text.split(",|->"))
                        .anyMatch(term -> term.contains("...") && term.matches(".*\\(\\S+ \\S+\\).*")))
                .toList();
        assertThat(both).hasSizeGreaterThan(50);
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("pathFinders")
    void everyPathFinderLeadsToTheValuesOfTheDefinition(String finder) {
        Random random = new Random(8);
        RandomSamples samples = new RandomSamples(random, 5);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Sample sample = samples.next();
            Binding binding = sample.binding();
            double[] wanted = DirectEinsum.sumOfProducts().of(binding, sample.elements());
            INDArray found = sample.einsum().paths(finder).apply(sample.operands(Precision.DOUBLE));
            if (!TestArrays.close(TestArrays.elements(found), wanted, 1e-9)) {
                wrong.add(sample + ": found " + found);
            }
        }
        assertThat(wrong).isEmpty();
    }

    static Stream<String> pathFinders() {
        return Paths.names().stream();
    }

    static Stream<Semiring> semirings() {
        return Stream.of(Semiring.MAX_PLUS, Semiring.MIN_PLUS, Semiring.LOG, Semiring.BOOLEAN);
    }

    @ParameterizedTest
    @MethodSource("semirings")
    void semiringsAddAndMultiplyInTheirWay(Semiring semiring) {
        Random random = new Random(7);
        RandomSamples samples = new RandomSamples(random, 4);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Sample sample = samples.next();
            if (semiring == Semiring.BOOLEAN) {
                sample = sample.withElements(sample.elements().stream().map(RandomEinsumTest::truths).toList());
            }
            check(sample, random, semiring, i % 4 == 0 ? Precision.FLOAT : Precision.DOUBLE, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    private static double[] truths(double[] elements) {
        return java.util.Arrays.stream(elements).map(x -> x > 0.2 ? 1 : 0).toArray();
    }

    private static void check(Sample sample, Random random, Semiring semiring, Precision precision,
            List<String> wrong) {
        String name = semiring + " " + precision + " " + sample;
        try {
            Binding binding = sample.binding();
            DirectEinsum direct = new DirectEinsum(semiring::plus, semiring::times, semiring.zero(), semiring.one());
            double[] wanted = direct.of(binding, sample.elements());
            INDArray found = sample.einsum().over(semiring).compile(precision, sample.shapeArray())
                    .apply(sample.views(random, precision));
            if (!java.util.Arrays.equals(found.shape(), binding.result().shape())
                    || !TestArrays.close(TestArrays.elements(found), wanted,
                            precision == Precision.DOUBLE ? 1e-9 : 1e-3)) {
                wrong.add(name + ": expected " + java.util.Arrays.toString(wanted) + ", found "
                        + java.util.Arrays.toString(TestArrays.elements(found)));
            }
        } catch (RuntimeException e) {
            wrong.add(name + ": " + e);
        }
    }
}
