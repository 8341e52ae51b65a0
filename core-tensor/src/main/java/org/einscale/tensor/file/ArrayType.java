package org.einscale.tensor.file;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What an array is like, whatever its numbers. */
public record ArrayType(DataType type, List<Long> shape) {
    public ArrayType(DataType type, long... shape) {
        this(type, Arrays.stream(shape).boxed().toList());
    }

    public static ArrayType of(INDArray array) {
        return new ArrayType(array.dataType(), array.shape());
    }

    /** Bytes of its numbers. */
    long bytes() {
        return shape.stream().reduce((long) type.width(), Math::multiplyExact);
    }

    /** As {@code FLOAT[2, 3]}. */
    @Override
    public String toString() {
        return type + shape.toString();
    }
}
