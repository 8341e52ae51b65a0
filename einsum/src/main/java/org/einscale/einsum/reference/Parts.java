package org.einscale.einsum.reference;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Axes made of parts laid end to end. */
final class Parts {
    private Parts() {
    }

    /** The elements from an offset on along the dimension, as many as the shape has there. */
    static INDArray slice(INDArray array, int dimension, long offset, long[] shape) {
        if (Layout.volume(shape) == 0) {
            return Layout.filled(0, shape);
        }
        INDArrayIndex[] indices = new INDArrayIndex[shape.length];
        java.util.Arrays.fill(indices, NDArrayIndex.all());
        indices[dimension] = NDArrayIndex.interval(offset, offset + shape[dimension]);
        return Layout.copy(array.get(indices));
    }

    /** Arrays end to end along the dimension. */
    static INDArray concatenate(List<INDArray> parts, int dimension, long[] shape) {
        INDArray[] present = parts.stream().filter(part -> part.length() > 0).toArray(INDArray[]::new);
        return Layout.volume(shape) == 0 ? Layout.filled(0, shape) : Layout.copy(Nd4j.concat(dimension, present));
    }
}
