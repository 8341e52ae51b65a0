package org.einscale.tensor.file;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Takes the parts of the arrays of a file, in any order, from any number of threads at once. */
@FunctionalInterface
public interface PartWriter {

    /**
     * Writes a part of an array.
     *
     * @param name of the array
     * @param starts where the part begins along each of the array's axes
     * @param part of the array's type, inside of it
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    void write(String name, int[] starts, INDArray part);
}
