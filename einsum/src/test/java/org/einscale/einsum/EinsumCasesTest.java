package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.reference.Cases;
import org.einscale.einsum.reference.DirectEinsum;
import org.einscale.tensor.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compiled einsums against values, shapes and refusals of NumPy, torch, einops and einx. */
class EinsumCasesTest {
    /** Up to here float32 holds every whole number. */
    private static final double WHOLE_FLOATS = 1 << 24;

    @Test
    void valuesEqualThoseOfNumpy() throws IOException {
        valuesEqualThoseOfNumpy(Precision.FLOAT);
    }

    @Tag("once")
    @Test
    void valuesInDoubleEqualThoseOfNumpy() throws IOException {
        valuesEqualThoseOfNumpy(Precision.DOUBLE);
    }

    private static void valuesEqualThoseOfNumpy(Precision precision) throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (JsonNode node : Cases.of("einsum_values.json")) {
            Sample sample = sample(node);
            if (precision == Precision.DOUBLE || largest(sample) < WHOLE_FLOATS) {
                checked++;
                INDArray result = sample.einsum().apply(sample.operands(precision));
                if (!Cases.agrees(node, result.shape(), TestArrays.elements(result))) {
                    wrong.add(sample.toString());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(80);
    }

    @Test
    void composedAxesAreComputedWhereTheyAre() throws IOException {
        composedAxesAreComputedWhereTheyAre(Precision.FLOAT);
    }

    @Tag("once")
    @Test
    void composedAxesInDoubleAreComputedWhereTheyAre() throws IOException {
        composedAxesAreComputedWhereTheyAre(Precision.DOUBLE);
    }

    private static void composedAxesAreComputedWhereTheyAre(Precision precision) throws IOException {
        for (JsonNode node : Cases.of("einsum_composed.json")) {
            Sample sample = sample(node);
            INDArray result = sample.einsum().apply(sample.operands(precision));
            assertThat(result.shape()).as(sample.toString()).isEqualTo(Cases.numbers(node.get("out_shape")));
            if (precision == Precision.DOUBLE || largest(sample) < WHOLE_FLOATS) {
                assertThat(TestArrays.close(TestArrays.elements(result), direct(sample), 0)).as(sample.toString())
                        .isTrue();
            }
        }
    }

    @Test
    void whatOthersRefuseIsRefused() throws IOException {
        for (JsonNode node : Cases.of("einsum_invalid.json")) {
            assertThatThrownBy(() -> {
                Sample sample = sample(node);
                sample.einsum().apply(sample.operands(Precision.FLOAT));
            }).as(node.toString()).isInstanceOf(EquationError.class);
        }
    }

    private static Sample sample(JsonNode node) {
        return new Sample(Cases.equation(node), Cases.broadcasting(node), Cases.parts(node), Cases.shapes(node),
                Cases.operands(node));
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
}
