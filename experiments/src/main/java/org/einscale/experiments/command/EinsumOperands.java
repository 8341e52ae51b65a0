package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.einscale.experiments.UserError;
import org.einscale.tensor.file.Npy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The operands of an einsum from .npy files: all in float32 if that holds the numbers of every file, else all in float64. */
final class EinsumOperands {
    /** Binary digits of a float64. */
    private static final int FLOAT64_DIGITS = 53;

    private EinsumOperands() {
    }

    /**
     * Reads them.
     *
     * @param notes
     *            told of each file whose numbers are computed with in another type
     * @throws UserError
     *             if a whole number is no float64
     */
    static INDArray[] read(List<Path> files, PrintWriter notes) {
        List<INDArray> arrays = files.stream().map(Npy::read).toList();
        boolean narrow = arrays.stream().allMatch(array -> array.dataType() == DataType.FLOAT);
        INDArray[] operands = new INDArray[files.size()];
        for (int i = 0; i < operands.length; i++) {
            INDArray array = arrays.get(i);
            operands[i] = narrow ? array : wide(files.get(i), array);
            if (operands[i] != array) {
                notes.println(files.get(i) + ": " + (array.dataType() == DataType.FLOAT ? "float32" : "whole numbers")
                        + ", taken as float64");
            }
        }
        notes.flush();
        return operands;
    }

    private static INDArray wide(Path file, INDArray array) {
        if (array.dataType() == DataType.DOUBLE) {
            return array;
        }
        if (array.dataType() == DataType.LONG) {
            for (long i = 0; i < array.length(); i++) {
                requireFloat64(file, array.data().getLong(i));
            }
        }
        return array.castTo(DataType.DOUBLE);
    }

    private static void requireFloat64(Path file, long number) {
        long size = Math.abs(number);
        int digits = Long.SIZE - Long.numberOfLeadingZeros(size) - Long.numberOfTrailingZeros(size);
        if (digits > FLOAT64_DIGITS) {
            throw new UserError(file + ": holds the whole number " + number + ", which no float64 is");
        }
    }
}
