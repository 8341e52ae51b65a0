package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** A type of numbers in a file, and that of the array which holds each of them exactly. */
enum NumberType {
    F32("f4", 4, DataType.FLOAT), F64("f8", 8, DataType.DOUBLE), F16("f2", 2, DataType.FLOAT), BF16("", 2,
            DataType.FLOAT), I32("i4", 4, DataType.INT), I64("i8", 8, DataType.LONG), BOOL("b1", 1, DataType.INT), I8(
                    "i1", 1, DataType.INT), U8("u1", 1, DataType.INT), I16("i2", 2, DataType.INT), U16("u2", 2,
                            DataType.INT), U32("u4", 4, DataType.LONG), U64("u8", 8, DataType.LONG);

    private final String numpy;
    private final int width;
    private final DataType array;

    NumberType(String numpy, int width, DataType array) {
        this.numpy = numpy;
        this.width = width;
        this.array = array;
    }

    /** By NumPy's code without the order of bytes, such as {@code f4}. */
    static Optional<NumberType> ofNumpy(String code) {
        return Arrays.stream(values()).filter(type -> type.inNumpy() && type.numpy.equals(code)).findFirst();
    }

    /** By the name that the safetensors format has for it. */
    static Optional<NumberType> ofSafetensors(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** NumPy's codes, for messages. */
    static String numpyCodes() {
        return Arrays.stream(values()).filter(NumberType::inNumpy).map(NumberType::numpy)
                .collect(Collectors.joining(", "));
    }

    /** The names of the safetensors format, for messages. */
    static String safetensorsNames() {
        return Arrays.stream(values()).map(NumberType::name).collect(Collectors.joining(", "));
    }

    private boolean inNumpy() {
        return !numpy.isEmpty();
    }

    String numpy() {
        return numpy;
    }

    /** Bytes of a number in the file. */
    int width() {
        return width;
    }

    /** Type of the array that it is read into. */
    DataType array() {
        return array;
    }

    /**
     * Moves the next number of the bytes to an element of a buffer of type {@link #array}.
     *
     * @throws IOException if the number is beyond the range of int64
     */
    void read(ByteBuffer from, DataBuffer to, long i) throws IOException {
        switch (this) {
            case F32 -> to.put(i, from.getFloat());
            case F64 -> to.put(i, from.getDouble());
            case F16 -> to.put(i, Float.float16ToFloat(from.getShort()));
            case BF16 -> to.put(i, Float.intBitsToFloat(from.getShort() << Short.SIZE));
            case I32 -> to.put(i, from.getInt());
            case I64 -> to.put(i, from.getLong());
            case BOOL -> to.put(i, from.get() == 0 ? 0 : 1);
            case I8 -> to.put(i, (int) from.get());
            case U8 -> to.put(i, Byte.toUnsignedInt(from.get()));
            case I16 -> to.put(i, (int) from.getShort());
            case U16 -> to.put(i, Short.toUnsignedInt(from.getShort()));
            case U32 -> to.put(i, Integer.toUnsignedLong(from.getInt()));
            case U64 -> to.put(i, inRange(from.getLong()));
        }
    }

    private static long inRange(long unsigned) throws IOException {
        if (unsigned < 0) {
            throw new IOException("it holds the number " + Long.toUnsignedString(unsigned)
                    + "; whole numbers are read up to " + Long.MAX_VALUE);
        }
        return unsigned;
    }
}
