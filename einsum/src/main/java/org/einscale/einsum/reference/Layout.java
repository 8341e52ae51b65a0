package org.einscale.einsum.reference;

import java.util.ArrayList;
import java.util.List;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Float64 arrays in row-major order, and the same elements seen with other axes. No argument is ever modified. */
final class Layout {
    private Layout() {
    }

    /** A row-major array of elements in their order. */
    static INDArray of(double[] elements, long[] shape) {
        return elements.length == 0 ? Nd4j.create(DataType.DOUBLE, shape) : Nd4j.create(elements, shape, 'c');
    }

    static INDArray filled(double value, long[] shape) {
        double[] elements = new double[Math.toIntExact(volume(shape))];
        java.util.Arrays.fill(elements, value);
        return of(elements, shape);
    }

    /** A float64 copy in row-major order. */
    static INDArray copy(INDArray array) {
        return of(elements(array), array.shape());
    }

    /** A copy of the elements in row-major order. */
    static double[] elements(INDArray array) {
        if (array.length() == 0) {
            return new double[0];
        }
        boolean plain = array.dataType() == DataType.DOUBLE && array.ordering() == 'c' && !array.isView()
                && array.offset() == 0
                && array.data().length() == array.length();
        return (plain ? array : array.castTo(DataType.DOUBLE).dup('c')).data().asDouble();
    }

    static long volume(long[] shape) {
        long volume = 1;
        for (long size : shape) {
            volume = Math.multiplyExact(volume, size);
        }
        return volume;
    }

    /** The elements of a row-major array in their order, under another shape. */
    static INDArray reshape(INDArray array, long... shape) {
        return array.length() == 0 ? of(new double[0], shape) : array.reshape('c', shape);
    }

    /** An array with axes {@code from} as one with axes {@code to}, which are the same in another order. */
    static INDArray permute(INDArray array, List<Axis> from, List<Axis> to) {
        if (array.length() == 0) {
            return of(new double[0], to.stream().mapToLong(axis -> array.size(from.indexOf(axis))).toArray());
        }
        return from.equals(to) ? array : array.permute(to.stream().mapToInt(from::indexOf).toArray()).dup('c');
    }

    /** An array seen in a larger space of axes: size 1 along those that it lacks. */
    static INDArray align(INDArray array, List<Axis> axes, List<Axis> space) {
        List<Axis> order = space.stream().filter(axes::contains).toList();
        INDArray permuted = permute(array, axes, order);
        long[] shape = space.stream().mapToLong(axis -> axes.contains(axis) ? permuted.size(order.indexOf(axis)) : 1)
                .toArray();
        return reshape(permuted, shape);
    }

    /** An array repeated along the axes of the space that it lacks. */
    static INDArray repeat(INDArray array, List<Axis> axes, List<Axis> space, long[] shape) {
        if (volume(shape) == 0) {
            return of(new double[0], shape);
        }
        return align(array, axes, space).broadcast(shape);
    }

    /** Axes without some of them. */
    static List<Axis> without(List<Axis> axes, List<Axis> removed) {
        List<Axis> rest = new ArrayList<>(axes);
        rest.removeAll(removed);
        return rest;
    }

    static List<Axis> joined(List<Axis> first, List<Axis> second) {
        List<Axis> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
