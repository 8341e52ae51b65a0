package org.einscale.sharding;

import org.einscale.einsum.program.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    /** An output or state of the whole program, put together from what the devices have. */
    INDArray read(Value value);

    /** A scalar output of the whole program. */
    double readScalar(Value value);

    @Override
    void close();
}
