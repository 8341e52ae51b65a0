package org.einscale.sharding.collective;

import java.util.List;

/** Boxes of several arrays that a device sends to another, one after the other. */
public final class Boxes {
    private final List<Box> boxes;
    private final long bytes;

    /** @param array number of the array that the box is of */
    public record Box(int array, Packing packing) {}

    /** In the order in which they are sent. */
    public Boxes(List<Box> boxes) {
        this.boxes = List.copyOf(boxes);
        this.bytes = boxes.stream().mapToLong(box -> box.packing.bytes()).sum();
    }

    /** Size of all. */
    public long bytes() {
        return bytes;
    }

    /**
     * Copies the boxes.
     *
     * @param from
     *            addresses of the sender's arrays
     * @param to
     *            address of {@link #bytes} bytes
     */
    public void copy(long[] from, long to) {
        long target = to;
        for (Box box : boxes) {
            box.packing.copy(from[box.array], target);
            target += box.packing.bytes();
        }
    }
}
