package org.einscale.tensor.memory;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.einscale.tensor.Precision;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Where ND4J arrays and addresses meet. */
public final class Arrays {
    private Arrays() {
    }

    /**
     * Absolute address of an array's first element, the offset of a view included. Valid as long as the array is reachable.
     *
     * @throws IllegalArgumentException if the array has no elements, as it then has no memory
     */
    public static long addressOf(INDArray array) {
        if (array.isEmpty() || array.length() == 0) {
            throw new IllegalArgumentException(
                    "array " + java.util.Arrays.toString(array.shape()) + " has no elements, so no address");
        }
        return array.data().address() + array.offset() * array.dataType().width();
    }

    /** Product of a shape's sizes. */
    static long elements(long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    /** A row-major array over existing memory, which it does not own. */
    static INDArray at(long address, Precision precision, long... shape) {
        long length = elements(shape);
        if (length == 0) {
            return Nd4j.create(precision.dataType(), shape);
        }
        Pointer memory = new Address(address);
        Pointer pointer = precision == Precision.FLOAT ? new FloatPointer(memory) : new DoublePointer(memory);
        DataBuffer buffer = Nd4j.createBuffer(pointer.capacity(length), length, precision.dataType());
        return Nd4j.create(buffer, shape, Nd4j.getStrides(shape, 'c'), 0, 'c');
    }

    /** A pointer to memory that JavaCPP must not free. */
    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }
}
