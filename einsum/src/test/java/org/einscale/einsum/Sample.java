package org.einscale.einsum;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Equation;
import org.einscale.tensor.Precision;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An equation met with shapes and with operands' row-major elements.
 *
 * @param parts
 *            sizes that the shapes do not tell
 */
record Sample(Equation equation, boolean broadcasting, Map<String, Integer> parts, List<long[]> shapes,
        List<double[]> elements) {

    static Sample of(Equation equation, boolean broadcasting, Map<String, Integer> parts, List<long[]> shapes,
            Random random) {
        return new Sample(equation, broadcasting, parts, shapes,
                shapes.stream().map(shape -> TestArrays.uniform(random, TestArrays.volume(shape))).toList());
    }

    Einsum einsum() {
        return einsum(Einsum.of(equation));
    }

    Einsum einsum(Einsum bare) {
        Einsum einsum = broadcasting ? bare.broadcasting() : bare;
        for (Map.Entry<String, Integer> part : parts.entrySet()) {
            einsum = einsum.with(part.getKey(), part.getValue());
        }
        return einsum;
    }

    Binding binding() {
        return Binding.of(equation, shapes, parts, broadcasting);
    }

    Sample withElements(List<double[]> values) {
        return new Sample(equation, broadcasting, parts, shapes, values);
    }

    long[][] shapeArray() {
        return shapes.toArray(long[][]::new);
    }

    /** The operands as row-major arrays. */
    INDArray[] operands(Precision precision) {
        return IntStream.range(0, shapes.size())
                .mapToObj(i -> TestArrays.rowMajor(precision.dataType(), elements.get(i), shapes.get(i)))
                .toArray(INDArray[]::new);
    }

    /** The operands as arrays some of which are transposed, sliced or have gaps. */
    INDArray[] views(Random random, Precision precision) {
        return IntStream.range(0, shapes.size())
                .mapToObj(i -> TestArrays.view(random, precision.dataType(), elements.get(i), shapes.get(i)))
                .toArray(INDArray[]::new);
    }

    @Override
    public String toString() {
        return equation.rule() + " " + equation.dialect() + " \"" + equation + "\" "
                + Arrays.deepToString(shapeArray()) + (parts.isEmpty() ? "" : " " + parts)
                + (broadcasting ? " broadcasting" : "");
    }
}
