package org.einscale.einsum.reference;

import java.util.List;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The lines of an array along one axis, taken apart and put together again. Rows follow one another in the order of the
 * other axes, the last varying fastest.
 *
 * @param axes
 *            axes of the array that the rows came from
 * @param order
 *            the same axes in the order of the rows: the one that rows run along is last
 * @param values
 *            [row][position along the axis]
 */
record ArrayRows(List<Axis> axes, List<Axis> order, double[][] values) {

    /** The rows of an array along an axis. */
    static ArrayRows of(INDArray array, List<Axis> axes, Axis along) {
        return of(array, axes, Layout.joined(Layout.without(axes, List.of(along)), List.of(along)));
    }

    /** The rows of an array along the last axis of an order of all its axes. */
    static ArrayRows of(INDArray array, List<Axis> axes, List<Axis> order) {
        int length = Math.toIntExact(array.size(axes.indexOf(order.getLast())));
        double[] elements = Layout.elements(Layout.permute(array, axes, order));
        double[][] rows = new double[length == 0 ? 0 : elements.length / length][length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(elements, i * length, rows[i], 0, length);
        }
        return new ArrayRows(axes, order, rows);
    }

    /** An array with other rows of the same number and length. */
    INDArray array(double[][] rows, long[] shape) {
        double[] elements = java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
        long[] permuted = order.stream().mapToLong(axis -> shape[axes.indexOf(axis)]).toArray();
        return Layout.permute(Layout.of(elements, permuted), order, axes);
    }
}
