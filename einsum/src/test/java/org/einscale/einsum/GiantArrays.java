package org.einscale.einsum;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays of more than 2^31 elements that take little memory: with strides of 0. */
final class GiantArrays {
    private GiantArrays() {
    }

    /** One number in every position. */
    static INDArray constant(DataType type, double value, long... shape) {
        return view(Nd4j.scalar(type, value), shape, new long[shape.length]);
    }

    /** The elements of an array along some axes of a shape, repeated along the others, whose strides are 0. */
    static INDArray view(INDArray elements, long[] shape, long[] strides) {
        return Nd4j.create(elements.data(), shape, strides, 0, 'c');
    }
}
