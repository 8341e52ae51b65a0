package org.einscale.tensor.file;

import java.nio.file.Path;
import java.util.Arrays;

/** How many bytes an array of a shape read from a file takes, without trusting the shape. */
final class Extent {
    private Extent() {
    }

    static long bytes(Path file, long[] shape, NumberType type) {
        boolean empty = Arrays.stream(shape).anyMatch(size -> size == 0);
        try {
            long bytes = empty ? 0 : type.width();
            for (long size : shape) {
                if (size < 0) {
                    throw new ArrayFileException(file, "has an impossible shape " + Arrays.toString(shape));
                }
                bytes = Math.multiplyExact(bytes, empty ? 1 : size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new ArrayFileException(file, "has an impossible shape " + Arrays.toString(shape), e);
        }
    }
}
