package org.einscale.tensor.memory;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.einscale.tensor.Precision;

/**
 * All memory of the process as one segment, so that kernels take plain addresses and create no objects. An address must
 * lie in live off-heap memory, such as a {@link TensorArena}: a wrong one ends the process.
 */
public final class Raw {
    /** Memory from address 0 on; an offset into it is an absolute address. */
    public static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** Bytes of a float, as a long: where a float lies is counted in ints, how far from the first one it lies is not. */
    public static final long FLOAT = Float.BYTES;

    private Raw() {
    }

    /** The float at an address. */
    public static float getFloat(long address) {
        return MEMORY.get(JAVA_FLOAT_UNALIGNED, address);
    }

    /** Writes a float at an address. */
    public static void putFloat(long address, float value) {
        MEMORY.set(JAVA_FLOAT_UNALIGNED, address, value);
    }

    /** The double at an address. */
    public static double getDouble(long address) {
        return MEMORY.get(JAVA_DOUBLE_UNALIGNED, address);
    }

    /** Writes a double at an address. */
    public static void putDouble(long address, double value) {
        MEMORY.set(JAVA_DOUBLE_UNALIGNED, address, value);
    }

    /** The number of the given precision at an address, widened to double. */
    public static double get(Precision precision, long address) {
        return precision == Precision.FLOAT ? getFloat(address) : getDouble(address);
    }

    /** Writes a number at an address, rounded to the given precision. */
    public static void put(Precision precision, long address, double value) {
        if (precision == Precision.FLOAT) {
            putFloat(address, (float) value);
        } else {
            putDouble(address, value);
        }
    }
}
