package org.einscale.sharding.collective;

import java.util.ArrayList;
import java.util.List;

/** Boxes of several arrays that a device sends to another, one after the other. */
public final class Boxes {
    private final List<Box> boxes = new ArrayList<>();
    private long bytes;

    private record Box(int array, Packing packing) {}

    /**
     * Has one more box be sent after those before.
     *
     * @param array
     *            number of the array that it is of
     */
    public void add(int array, Packing packing) {
        boxes.add(new Box(array, packing));
        bytes += packing.bytes();
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
