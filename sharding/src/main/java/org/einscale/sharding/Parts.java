package org.einscale.sharding;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What devices have of an array. */
public final class Parts {
    private Parts() {
    }

    /** A block that has elements, seen in the memory of the whole array. */
    public static INDArray of(INDArray whole, Block block) {
        if (block.sizes().length == 0) {
            return whole;
        }
        return whole.get(IntStream.range(0, block.sizes().length)
                .mapToObj(i -> NDArrayIndex.interval(block.starts()[i], block.starts()[i] + block.sizes()[i]))
                .toArray(INDArrayIndex[]::new));
    }
}
