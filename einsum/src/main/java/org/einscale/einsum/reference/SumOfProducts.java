package org.einscale.einsum.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.einscale.einsum.program.Semiring;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Sum of products over the whole space of indices, operand after operand from left to right. */
final class SumOfProducts {
    /** Products larger than this are made a slice at a time: 32 MiB. */
    private static final long LARGEST = 1 << 22;

    /** An array and the name of each of its axes; the names are distinct. */
    private record NamedArray(INDArray array, List<Axis> axes) {
        long size(Axis axis) {
            return array.size(axes.indexOf(axis));
        }
    }

    private SumOfProducts() {
    }

    /** {@code result[output] = sum over all other names of the product of operands[i][terms[i]]}. */
    static INDArray of(List<INDArray> operands, List<List<Axis>> terms, List<Axis> output, Semiring semiring) {
        return semiring == Semiring.SUM_PRODUCT
                ? sumOfProducts(operands, terms, output)
                : directly(operands, terms, output, semiring);
    }

    private static INDArray directly(List<INDArray> operands, List<List<Axis>> terms, List<Axis> output,
            Semiring semiring) {
        Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < operands.size(); i++) {
            for (int j = 0; j < terms.get(i).size(); j++) {
                sizes.put(terms.get(i).get(j).name(), Math.toIntExact(operands.get(i).size(j)));
            }
        }
        double[] result = new DirectEinsum(semiring::plus, semiring::times, semiring.zero(), semiring.one())
                .of(terms, output, Sizes.of(sizes), operands.stream().map(Layout::elements).toList());
        return Layout.of(result, output.stream().mapToLong(axis -> sizes.getOrDefault(axis.name(), 1)).toArray());
    }

    private static INDArray sumOfProducts(List<INDArray> operands, List<List<Axis>> terms, List<Axis> output) {
        NamedArray product = new NamedArray(Layout.filled(1, new long[0]), List.of());
        for (int i = 0; i < operands.size(); i++) {
            NamedArray factor = diagonal(operands.get(i), terms.get(i));
            List<Axis> kept = i == operands.size() - 1
                    ? output
                    : needed(product, factor, output, terms.subList(i + 1, terms.size()));
            product = multiply(product, factor, kept);
        }
        return product.array();
    }

    /** Axes of two factors that the output or a later term names. */
    private static List<Axis> needed(NamedArray left, NamedArray right, List<Axis> output, List<List<Axis>> later) {
        Set<Axis> axes = new LinkedHashSet<>(Layout.joined(left.axes(), right.axes()));
        axes.removeIf(axis -> !output.contains(axis) && later.stream().noneMatch(term -> term.contains(axis)));
        return List.copyOf(axes);
    }

    /** The elements whose indices agree wherever the term repeats a name. */
    private static NamedArray diagonal(INDArray array, List<Axis> term) {
        List<Axis> axes = term.stream().distinct().toList();
        if (axes.size() == term.size()) {
            return new NamedArray(array, axes);
        }
        long[] shape = axes.stream().mapToLong(axis -> array.size(term.indexOf(axis))).toArray();
        double[] from = Layout.elements(array);
        double[] to = new double[Math.toIntExact(Layout.volume(shape))];
        long[] index = new long[axes.size()];
        for (int i = 0; i < to.length; i++) {
            int position = 0;
            for (int j = 0; j < term.size(); j++) {
                position = Math.toIntExact(position * array.size(j) + index[axes.indexOf(term.get(j))]);
            }
            to[i] = from[position];
            next(index, shape);
        }
        return new NamedArray(Layout.of(to, shape), axes);
    }

    private static void next(long[] index, long[] shape) {
        for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
            index[axis] = 0;
        }
    }

    /** The product of two factors, summed over the axes that are not kept. */
    private static NamedArray multiply(NamedArray left, NamedArray right, List<Axis> kept) {
        Map<Axis, Long> sizes = new LinkedHashMap<>();
        left.axes().forEach(axis -> sizes.put(axis, left.size(axis)));
        right.axes().forEach(axis -> sizes.put(axis, right.size(axis)));
        List<Axis> summed = List.copyOf(new TreeSet<>(Layout.without(List.copyOf(sizes.keySet()), kept)));
        long rows = volume(kept, sizes);
        long columns = volume(summed, sizes);
        long[] shape = kept.stream().mapToLong(axis -> sizes.getOrDefault(axis, 1L)).toArray();
        if (rows * columns == 0) {
            return new NamedArray(Layout.filled(0, shape), kept);
        }
        if (rows * columns > LARGEST && rows > 1) {
            Axis widest = kept.stream().max(java.util.Comparator.comparing(axis -> sizes.getOrDefault(axis, 1L)))
                    .orElseThrow();
            return sliced(left, right, kept, widest, sizes.getOrDefault(widest, 1L));
        }
        List<Axis> space = Layout.joined(kept, summed);
        INDArray product = Layout.align(left.array(), left.axes(), space)
                .mul(Layout.align(right.array(), right.axes(), space));
        return new NamedArray(Layout.reshape(Layout.reshape(product, rows, columns).sum(1), shape), kept);
    }

    /** The same product, made separately for each index along one kept axis. */
    private static NamedArray sliced(NamedArray left, NamedArray right, List<Axis> kept, Axis axis, long size) {
        List<INDArray> slices = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            slices.add(multiply(at(left, axis, i), at(right, axis, i), kept).array());
        }
        return new NamedArray(Nd4j.concat(kept.indexOf(axis), slices.toArray(INDArray[]::new)), kept);
    }

    private static NamedArray at(NamedArray factor, Axis axis, long index) {
        if (!factor.axes().contains(axis)) {
            return factor;
        }
        INDArrayIndex[] indices = factor.axes().stream()
                .map(a -> a.equals(axis) ? NDArrayIndex.interval(index, index + 1) : NDArrayIndex.all())
                .toArray(INDArrayIndex[]::new);
        return new NamedArray(factor.array().get(indices).dup('c'), factor.axes());
    }

    private static long volume(List<Axis> axes, Map<Axis, Long> sizes) {
        return axes.stream().mapToLong(axis -> sizes.getOrDefault(axis, 1L)).reduce(1, Math::multiplyExact);
    }
}
