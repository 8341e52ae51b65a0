package org.einscale.einsum.plan;

/** A run of elements that {@link MemoryLayout} finds room for. It is needed from the first to the last step that touches it. */
final class Buffer {
    private final int number;
    private final long elements;
    private boolean persistent;
    private int firstStep = Integer.MAX_VALUE;
    private int lastStep = -1;

    Buffer(int number, long elements, boolean persistent) {
        this.number = number;
        this.elements = elements;
        this.persistent = persistent;
    }

    int number() {
        return number;
    }

    long elements() {
        return elements;
    }

    /** Whether the content outlives a run or is set before it. */
    boolean persistent() {
        return persistent;
    }

    void keep() {
        persistent = true;
    }

    void touch(int step) {
        firstStep = Math.min(firstStep, step);
        lastStep = Math.max(lastStep, step);
    }

    /** Whether both hold something between two steps or in one. */
    boolean meets(Buffer other) {
        return persistent || other.persistent || (firstStep <= other.lastStep && other.firstStep <= lastStep);
    }

    boolean used() {
        return persistent || lastStep >= 0;
    }
}
