package org.einscale.einsum.reference;

import java.util.List;
import org.einscale.tensor.Axis;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of a table by number, and their cotangent. */
final class Lookup {
    private Lookup() {
    }

    /**
     * A number as an index.
     *
     * @throws IllegalArgumentException
     *             if it is not a whole number from 0 to below the size
     */
    static int index(double number, long size, String what, Axis axis) {
        if (number != Math.rint(number) || number < 0 || number >= size) {
            throw new IllegalArgumentException(what + " " + number + " along axis '" + axis.name()
                    + "': expected a whole number from 0 to below " + size);
        }
        return (int) number;
    }

    /** The table's axis replaced by the axes of the indices, which come first. */
    static INDArray take(INDArray table, List<Axis> axes, INDArray indices, Axis axis, long[] shape) {
        List<Axis> axisFirst = Layout.joined(List.of(axis), Layout.without(axes, List.of(axis)));
        double[] rows = Layout.elements(Layout.permute(table, axes, axisFirst));
        double[] numbers = Layout.elements(indices);
        double[] taken = new double[Math.toIntExact(Layout.volume(shape))];
        int width = numbers.length == 0 ? 0 : taken.length / numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            int row = index(numbers[i], table.size(axes.indexOf(axis)), "index", axis);
            System.arraycopy(rows, row * width, taken, i * width, width);
        }
        return Layout.of(taken, shape);
    }

    /** Each row of dy, whose first axes are those of the indices, added to the row of the table that its index names. */
    static INDArray gradient(INDArray indices, INDArray dy, List<Axis> tableAxes, Axis axis, long[] shape) {
        List<Axis> axisFirst = Layout.joined(List.of(axis), Layout.without(tableAxes, List.of(axis)));
        double[] numbers = Layout.elements(indices);
        double[] rows = Layout.elements(dy);
        double[] table = new double[Math.toIntExact(Layout.volume(shape))];
        int width = numbers.length == 0 ? 0 : rows.length / numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            int row = index(numbers[i], shape[tableAxes.indexOf(axis)], "index", axis);
            for (int j = 0; j < width; j++) {
                table[row * width + j] += rows[i * width + j];
            }
        }
        long[] permuted = axisFirst.stream().mapToLong(a -> shape[tableAxes.indexOf(a)]).toArray();
        return Layout.permute(Layout.of(table, permuted), axisFirst, tableAxes);
    }
}
