package org.einscale.tensor.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.einscale.tensor.Precision;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One region of off-heap memory that is at once a {@link MemorySegment}, the address a BLAS call takes, and any number of
 * {@link INDArray}s, none of them a copy. Zeroed and aligned to 64 bytes. Arrays and addresses obtained from an arena
 * must not be used after {@link #close}.
 */
public final class TensorArena implements AutoCloseable {
    private static final long ALIGNMENT = 64;
    private static final AtomicLong LIVE_BYTES = new AtomicLong();
    private static final Cleaner CLEANER = Cleaner.create();

    private final Arena arena;
    private final MemorySegment segment;
    private boolean closed;

    private TensorArena(Arena arena, MemorySegment segment) {
        this.arena = arena;
        this.segment = segment;
    }

    /**
     * Allocates a region.
     *
     * @param bytes its size, may be 0
     * @throws IllegalArgumentException if bytes is negative
     * @throws OutOfMemoryError if there is not that much memory
     */
    public static TensorArena allocate(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("arena of " + bytes + " bytes: expected 0 or more");
        }
        if (!PhysicalMemory.holds(bytes)) {
            throw new OutOfMemoryError(bytes + " bytes, where the machine has " + PhysicalMemory.bytes());
        }
        Arena arena = Arena.ofShared();
        try {
            return in(arena, bytes);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Allocates a region that is freed when nothing refers to this object any more, and cannot be closed. As with direct
     * buffers, there may be {@code -XX:MaxDirectMemorySize} of it: where that is reached, the garbage collector runs first.
     *
     * @param bytes its size, may be 0
     * @throws OutOfMemoryError if there is not that much memory
     */
    public static TensorArena collected(long bytes) {
        return collected(in(Arena.ofAuto(), bytes));
    }

    /**
     * A part of a file, which shows and makes every change to it. It is there until nothing refers to this object any more, and
     * cannot be closed.
     *
     * @param offset first byte of the file, a multiple of the size of a page
     * @throws IOException if the file cannot be mapped
     */
    public static TensorArena mapped(FileChannel file, long offset, long bytes) throws IOException {
        Arena arena = Arena.ofAuto();
        return collected(in(arena, file.map(FileChannel.MapMode.READ_WRITE, offset, bytes, arena)));
    }

    private static TensorArena collected(TensorArena tensors) {
        long bytes = tensors.bytes();
        CLEANER.register(tensors, () -> LIVE_BYTES.addAndGet(-bytes));
        return tensors;
    }

    private static TensorArena in(Arena arena, long bytes) {
        return in(arena, arena.allocate(bytes, ALIGNMENT));
    }

    private static TensorArena in(Arena arena, MemorySegment segment) {
        LIVE_BYTES.addAndGet(segment.byteSize());
        return new TensorArena(arena, segment);
    }

    /** Bytes in all arenas of the process that are not closed. */
    public static long allocatedBytes() {
        return LIVE_BYTES.get();
    }

    /** Absolute address of the first byte. */
    public long address() {
        return segment.address();
    }

    /** Size in bytes. */
    public long bytes() {
        return segment.byteSize();
    }

    /** The region, with its bounds and its lifetime checked on access. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * A row-major array on this memory, which shows and makes every change to it. An array without elements owns no
     * memory.
     *
     * @param byteOffset of its first element; a multiple of the element size
     * @throws IllegalArgumentException if the array would not lie within the arena, or is misaligned
     * @throws IllegalStateException if the arena is closed
     */
    public INDArray array(Precision precision, long byteOffset, long... shape) {
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the arena is closed");
        }
        long size = Math.multiplyExact(Arrays.elements(shape), precision.bytes());
        if (byteOffset < 0 || size > bytes() - byteOffset) {
            throw new IllegalArgumentException(
                    "array " + java.util.Arrays.toString(shape) + " of " + precision + " at byte "
                            + byteOffset + " needs " + size + " bytes: the arena has " + bytes());
        }
        if (byteOffset % precision.bytes() != 0) {
            throw new IllegalArgumentException("array of " + precision + " at byte " + byteOffset
                    + ": expected a multiple of " + precision.bytes());
        }
        return Arrays.at(address() + byteOffset, precision, shape);
    }

    /**
     * Frees the memory; a second call does nothing.
     *
     * @throws UnsupportedOperationException
     *             if the region is {@link #collected} or {@link #mapped}
     */
    @Override
    public synchronized void close() {
        if (!closed) {
            arena.close();
            closed = true;
            LIVE_BYTES.addAndGet(-segment.byteSize());
        }
    }
}
