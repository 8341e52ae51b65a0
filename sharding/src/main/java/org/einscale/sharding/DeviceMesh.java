package org.einscale.sharding;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.file.ArrayType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Devices that run a partitioned program together, whatever they are and however they talk. For one thread at a time. */
public interface DeviceMesh extends AutoCloseable {

    /**
     * Sets an input or state of the whole program on all devices, from a whole array. Its format and order may be any: numbers
     * are rounded to the format of the devices.
     *
     * @throws IllegalArgumentException
     *             if the array has another shape than the value
     */
    void write(Value value, INDArray whole);

    /** Sets a scalar input of the whole program on all devices. */
    void write(Value value, double number);

    /**
     * Runs the program once.
     *
     * @throws DeviceFailure
     *             if a device cannot go on; the mesh is of no use afterwards
     */
    void run();

    /** What an input, output or state of the whole program is like. */
    ArrayType type(Value value);

    /** Takes parts of values, from any number of threads at once. */
    @FunctionalInterface
    interface Reader {

        /**
         * @param block
         *            which elements of the value the part is
         * @param part
         *            to be read during the call
         */
        void accept(Value value, Block block, INDArray part);
    }

    /**
     * Hands out what the devices have of outputs and states of the whole program, all at once as far as memory allows: blocks that make up
     * the whole, each from one of the devices that have it.
     */
    void read(Collection<Value> values, Reader to);

    /** Outputs and states of the whole program, put together from what the devices have. */
    default SequencedMap<Value, INDArray> read(Collection<Value> values) {
        SequencedMap<Value, INDArray> whole = new LinkedHashMap<>();
        for (Value value : values) {
            ArrayType type = type(value);
            whole.put(value, Nd4j.create(type.type(), type.shape().stream().mapToLong(size -> size).toArray()));
        }
        read(values, (value, block, part) -> Parts.of(Objects.requireNonNull(whole.get(value)), block).assign(part));
        return whole;
    }

    /** One of them. */
    default INDArray read(Value value) {
        return Objects.requireNonNull(read(List.of(value)).get(value));
    }

    /** A scalar output of the whole program. */
    double readScalar(Value value);

    @Override
    void close();
}
