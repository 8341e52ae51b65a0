package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.einsum.reference.SharedCases;
import org.einscale.tensor.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compiled einsums against values, shapes and refusals of NumPy, torch, einops and einx. */
class EinsumCasesTest {
    /** Up to here float32 holds every whole number. */
    private static final double WHOLE_FLOATS = 1 << 24;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void valuesEqualThoseOfNumpy(Precision precision) throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (JsonNode node : SharedCases.of("einsum_values.json")) {
            Sample sample = sample(node);
            if (precision == Precision.DOUBLE || largest(sample) < WHOLE_FLOATS) {
                checked++;
                if (!agrees(node, sample.einsum().apply(sample.operands(precision)))) {
                    wrong.add(sample.toString());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(200);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void composedAxesAreComputedWhereTheyAre(Precision precision) throws IOException {
        for (JsonNode node : SharedCases.of("einsum_composed.json")) {
            Sample sample = sample(node);
            INDArray result = sample.einsum().apply(sample.operands(precision));
            assertThat(result.shape()).as(sample.toString()).isEqualTo(SharedCases.numbers(node.get("out_shape")));
            if (precision == Precision.DOUBLE || largest(sample) < WHOLE_FLOATS) {
                assertThat(TestArrays.close(TestArrays.elements(result), direct(sample), 0)).as(sample.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void whatOthersRefuseIsRefused() throws IOException {
        for (JsonNode node : SharedCases.of("einsum_invalid.json")) {
            assertThatThrownBy(() -> {
                Sample sample = sample(node);
                sample.einsum().apply(sample.operands(Precision.FLOAT));
            }).as(node.toString()).isInstanceOf(EquationError.class);
        }
    }

    private static Sample sample(JsonNode node) {
        Map<String, Integer> parts = new HashMap<>();
        if (node.has("axis_sizes")) {
            node.get("axis_sizes").properties().forEach(size -> parts.put(size.getKey(), size.getValue().asInt()));
        }
        List<long[]> shapes = SharedCases.shapes(node);
        List<double[]> elements = IntStream.range(0, shapes.size())
                .mapToObj(k -> SharedCases.filled(k, shapes.get(k))).toList();
        return new Sample(SharedCases.equation(node), SharedCases.broadcasting(node), parts, shapes, elements);
    }

    private static double[] direct(Sample sample) {
        return DirectEinsum.sumOfProducts().of(sample.binding(), sample.elements());
    }

    /** The largest sum that can arise on the way, whatever the order of operations. */
    private static double largest(Sample sample) {
        Sample absolute = sample.withElements(
                sample.elements().stream().map(x -> Arrays.stream(x).map(Math::abs).toArray()).toList());
        return Arrays.stream(direct(absolute)).max().orElse(0);
    }

    private static boolean agrees(JsonNode node, INDArray result) {
        double[] values = TestArrays.elements(result);
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < values.length; j++) {
            sum += values[j];
            weighted += values[j] * (j % 7 + 1);
        }
        boolean same = Arrays.equals(result.shape(), SharedCases.numbers(node.get("out_shape")));
        if (node.has("values")) {
            double[] wanted = new double[node.get("values").size()];
            Arrays.setAll(wanted, j -> node.get("values").get(j).asDouble());
            same &= TestArrays.close(values, wanted, 0);
        }
        return same && sum == node.get("sum").asDouble() && weighted == node.get("wsum").asDouble();
    }
}
