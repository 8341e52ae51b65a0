package org.einscale.einsum.plan.memory;

/** A run of elements that {@link MemoryLayout} finds room for. It is needed from the first to the last step that touches it. */
public final class Buffer {
    /** Words at the start of the base array that any step may use while it runs; buffers are numbered from here on. */
    public static final int WORKSPACE = 1024;

    private final int number;
    private final long elements;
    private final boolean outside;
    private boolean persistent;
    private int firstStep = Integer.MAX_VALUE;
    private int lastStep = -1;

    private Buffer(int number, long elements, boolean persistent, boolean outside) {
        this.number = number;
        this.elements = elements;
        this.persistent = persistent;
        this.outside = outside;
    }

    public static Buffer inside(int number, long elements, boolean persistent) {
        return new Buffer(number, elements, persistent, false);
    }

    /** Memory of the caller's, of which nothing is known but that some element of it has an address. */
    public static Buffer outside(int number) {
        return new Buffer(number, 0, true, true);
    }

    public int number() {
        return number;
    }

    public long elements() {
        return elements;
    }

    /** Whether the content outlives a run or is set before it. */
    public boolean persistent() {
        return persistent;
    }

    /** Whether the memory is the caller's. */
    public boolean outside() {
        return outside;
    }

    public void keep() {
        persistent = true;
    }

    public void touch(int step) {
        firstStep = Math.min(firstStep, step);
        lastStep = Math.max(lastStep, step);
    }

    /** Whether both hold something between two steps or in one. */
    boolean meets(Buffer other) {
        return persistent || other.persistent || (firstStep <= other.lastStep && other.firstStep <= lastStep);
    }

    boolean used() {
        return !outside && (persistent || lastStep >= 0);
    }
}
