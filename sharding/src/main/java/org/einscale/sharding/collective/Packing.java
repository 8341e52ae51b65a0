package org.einscale.sharding.collective;

import java.lang.foreign.MemorySegment;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.Raw;

/** The box that a device sends to another, its elements one after the other. */
public final class Packing {
    private final Runs runs;
    private final int elementBytes;

    /** Of what the sender of a piece has. */
    public Packing(Piece piece, Precision precision) {
        this.runs = Runs.of(piece.packed());
        this.elementBytes = precision.bytes();
    }

    /** Size of the box. */
    public long bytes() {
        return runs.count() * runs.length() * elementBytes;
    }

    /**
     * Copies the box.
     *
     * @param from
     *            address of the sender's array
     * @param to
     *            address of {@link #bytes} bytes
     */
    public void copy(long from, long to) {
        for (long run = 0; run < runs.count(); run++) {
            MemorySegment.copy(Raw.MEMORY, from + runs.from(run) * elementBytes, Raw.MEMORY,
                    to + runs.to(run) * elementBytes, runs.length() * elementBytes);
        }
    }
}
