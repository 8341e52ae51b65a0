package org.einscale.bench.einsum;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A case and its data, the same for everyone: float32, row-major, uniform in [-1, 1), not to be modified.
 *
 * @param operands one array for each term
 * @param cotangent the gradient of the result, of its shape
 */
public record EinsumTask(EinsumCase what, List<INDArray> operands, INDArray cotangent) implements AutoCloseable {
    public EinsumTask {
        operands = List.copyOf(operands);
    }

    /** With data drawn from a seed. */
    public static EinsumTask of(EinsumCase what, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<INDArray> operands = new ArrayList<>();
        for (int i = 0; i < what.shapes().size(); i++) {
            operands.add(array(what.shape(i), random));
        }
        return new EinsumTask(what, operands, array(what.resultShape(), random));
    }

    private static INDArray array(long[] shape, SplittableRandom random) {
        INDArray array = Nd4j.create(DataType.FLOAT, shape);
        if (!array.isEmpty()) {
            float[] values = new float[Math.toIntExact(array.length())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            array.data().setData(values);
        }
        return array;
    }

    /** The elements of an array, row-major. */
    public static float[] elements(INDArray array) {
        return array.isEmpty() ? new float[0] : Nd4j.toFlattened('c', array).toFloatVector();
    }

    @Override
    public void close() {
        operands.forEach(EinsumTask::free);
        free(cotangent);
    }

    /** Gives an array's memory back. */
    static void free(INDArray array) {
        if (array.closeable()) {
            array.close();
        }
    }
}
