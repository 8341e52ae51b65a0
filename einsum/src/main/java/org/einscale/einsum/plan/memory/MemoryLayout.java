package org.einscale.einsum.plan.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.einscale.tensor.Precision;

/**
 * Offsets of buffers in one arena such that no two that are needed at the same time overlap: largest first, each at the
 * lowest offset that is free for its whole life (greedy by size, Pisarchyk and Lee 2020). What outlives a run comes first.
 */
public final class MemoryLayout {
    private static final long ALIGNMENT = 64;

    private final long[] offsets;
    private final long bytes;
    private final long kept;

    public MemoryLayout(List<Buffer> buffers, Precision precision) {
        offsets = new long[Buffer.WORKSPACE + buffers.size()];
        List<Buffer> placed = new ArrayList<>();
        long end = 0;
        long keptEnd = 0;
        List<Buffer> bySize = buffers.stream().filter(Buffer::used)
                .sorted(Comparator.comparing(Buffer::persistent).reversed()
                        .thenComparing(Comparator.comparingLong(Buffer::elements).reversed()))
                .toList();
        for (Buffer buffer : bySize) {
            long size = aligned(buffer.elements() * precision.bytes());
            long offset = firstGap(placed, buffer, size, precision);
            place(placed, buffer, offset);
            end = Math.max(end, offset + size);
            if (buffer.persistent()) {
                keptEnd = end;
            }
        }
        bytes = end;
        kept = keptEnd;
    }

    /**
     * The lowest offset with room for a buffer.
     *
     * @param placed
     *            by their offsets
     */
    private long firstGap(List<Buffer> placed, Buffer buffer, long size, Precision precision) {
        long offset = 0;
        for (Buffer neighbour : placed) {
            if (neighbour.meets(buffer)) {
                long start = offsets[neighbour.number()];
                if (offset + size <= start) {
                    break;
                }
                offset = Math.max(offset, start + aligned(neighbour.elements() * precision.bytes()));
            }
        }
        return offset;
    }

    private void place(List<Buffer> placed, Buffer buffer, long offset) {
        offsets[buffer.number()] = offset;
        int at = placed.size();
        while (at > 0 && offsets[placed.get(at - 1).number()] > offset) {
            at--;
        }
        placed.add(at, buffer);
    }

    private static long aligned(long size) {
        return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Offset of each buffer by its number, in bytes. */
    public long[] offsets() {
        return offsets;
    }

    /** Bytes that all of them take together. */
    public long bytes() {
        return bytes;
    }

    /** Bytes at the start that outlive a run. */
    public long kept() {
        return kept;
    }
}
