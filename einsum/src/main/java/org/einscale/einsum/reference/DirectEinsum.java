package org.einscale.einsum.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.Part;
import org.einscale.einsum.binding.View;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * An einsum by its definition: for every point of the space of all elementary axes, the product of the operands' elements
 * at that point is added to the result's element there. Slow and obvious, in float64.
 *
 * @param plus
 *            adds, associative and commutative
 * @param times
 *            multiplies
 * @param zero
 *            neutral for {@code plus}: an empty sum, and what stands off a diagonal that is written
 * @param one
 *            neutral for {@code times}: a product of no operands
 */
public record DirectEinsum(DoubleBinaryOperator plus, DoubleBinaryOperator times, double zero, double one) {

    /** The ordinary sum of products. */
    public static DirectEinsum sumOfProducts() {
        return new DirectEinsum(Double::sum, (x, y) -> x * y, 0, 1);
    }

    /**
     * Elements of the result.
     *
     * @param operands
     *            row-major elements of each operand, not modified
     * @return row-major elements of a new array of shape {@code binding.result().shape()}
     */
    public double[] of(Binding binding, List<double[]> operands) {
        return of(binding.operands(), binding.result(), binding.sizes(), operands);
    }

    /** The same for the axes of a term each. */
    double[] of(List<List<Axis>> terms, List<Axis> output, Sizes sizes, List<double[]> operands) {
        Sizes own = Sizes.of(Stream.concat(terms.stream().flatMap(List::stream), output.stream()).distinct()
                .collect(Collectors.toMap(Axis::name, sizes::of)));
        return of(terms.stream().map(term -> view(term, own)).toList(), view(output, own), own, operands);
    }

    private static View view(List<Axis> term, Sizes sizes) {
        return new View(term.stream().map(axis -> List.of(new Part(Optional.of(axis), sizes.of(axis)))).toList());
    }

    private double[] of(List<View> views, View resultView, Sizes sizes, List<double[]> operands) {
        List<Axis> space = List.copyOf(sizes.axes());
        int[][] strides = views.stream().map(view -> strides(view, space)).toArray(int[][]::new);
        int[] resultStrides = strides(resultView, space);
        double[] result = new double[volume(resultView.shape())];
        Arrays.fill(result, zero);
        int[] point = new int[space.size()];
        for (long left = sizes.volume(space); left > 0; left--) {
            double product = one;
            for (int i = 0; i < strides.length; i++) {
                product = times.applyAsDouble(product, operands.get(i)[index(point, strides[i])]);
            }
            int at = index(point, resultStrides);
            result[at] = plus.applyAsDouble(result[at], product);
            advance(point, space, sizes);
        }
        return result;
    }

    private static void advance(int[] point, List<Axis> space, Sizes sizes) {
        for (int i = point.length - 1; i >= 0 && ++point[i] == sizes.of(space.get(i)); i--) {
            point[i] = 0;
        }
    }

    private static int index(int[] point, int[] strides) {
        int index = 0;
        for (int i = 0; i < point.length; i++) {
            index += point[i] * strides[i];
        }
        return index;
    }

    /** How far apart neighbours along each axis of the space are in an array: 0 along those that it lacks. */
    private static int[] strides(View view, List<Axis> space) {
        int[] strides = new int[space.size()];
        List<Part> parts = new ArrayList<>(view.axes().stream().flatMap(List::stream).toList());
        int stride = 1;
        for (Part part : parts.reversed()) {
            int step = stride;
            part.axis().ifPresent(axis -> strides[space.indexOf(axis)] += step);
            stride *= part.size();
        }
        return strides;
    }

    private static int volume(long[] shape) {
        return Math.toIntExact(Layout.volume(shape));
    }
}
