package org.einscale.einsum;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.einscale.tensor.memory.Raw;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A long stretch of addresses behind which the same few pages lie again and again: room for an array of more than 2^31 floats
 * that are read and written one by one, in little memory. On Linux only.
 */
final class WrappedMemory implements AutoCloseable {
    /** Bytes after which the pages repeat. */
    static final long WINDOW = 1L << 24;

    private static final int NOT_ACCESSIBLE = 0;
    private static final int READ_AND_WRITE = 3;
    private static final int SHARED = 0x01;
    private static final int PRIVATE_ANONYMOUS_UNRESERVED = 0x02 | 0x20 | 0x4000;
    private static final int FIXED = 0x10;
    /** Pages are there at once, and not one by one as they are touched. */
    private static final int POPULATE = 0x8000;
    private static final MethodHandle MMAP = function("mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = function("munmap",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MEMFD_CREATE = function("memfd_create",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle FTRUNCATE = function("ftruncate",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final long address;
    private final long bytes;

    /** Memory for so many floats, all zero. */
    WrappedMemory(long floats) {
        bytes = Math.ceilDiv(floats * Float.BYTES, WINDOW) * WINDOW;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("wrapped");
            int file = (int) MEMFD_CREATE.invokeExact(name, 0);
            int sized = (int) FTRUNCATE.invokeExact(file, WINDOW);
            address = (long) MMAP.invokeExact(0L, bytes, NOT_ACCESSIBLE, PRIVATE_ANONYMOUS_UNRESERVED, -1, 0L);
            if (file < 0 || sized != 0 || address == -1) {
                throw new IllegalStateException("no memory to wrap");
            }
            for (long at = address; at < address + bytes; at += WINDOW) {
                long mapped = (long) MMAP.invokeExact(at, WINDOW, READ_AND_WRITE, SHARED | FIXED | POPULATE, file, 0L);
                if (mapped != at) {
                    throw new IllegalStateException("memory cannot be mapped at " + at);
                }
            }
            int closed = (int) CLOSE.invokeExact(file);
            assert closed == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }

    /** A row-major array on this memory. */
    INDArray array(long... shape) {
        long length = bytes / Float.BYTES;
        FloatPointer pointer = new FloatPointer(new Address(address));
        return Nd4j.create(Nd4j.createBuffer(pointer.capacity(length), length, DataType.FLOAT), shape,
                Nd4j.getStrides(shape, 'c'), 0, 'c');
    }

    /** Writes a number everywhere. */
    WrappedMemory fill(float value) {
        for (long at = 0; at < WINDOW; at += Float.BYTES) {
            Raw.putFloat(address + at, value);
        }
        return this;
    }

    /** Whether a number is everywhere. */
    boolean holds(float value) {
        for (long at = 0; at < WINDOW; at += Float.BYTES) {
            if (Raw.getFloat(address + at) != value) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            int unmapped = (int) MUNMAP.invokeExact(address, bytes);
            assert unmapped == 0;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A pointer to memory that JavaCPP must not free. */
    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }
}
