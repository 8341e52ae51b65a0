package org.einscale.einsum.plan.memory;

/** A place in a buffer, which has an absolute address once a session has laid out its memory. */
public record Address(int buffer, long bytes) {
    public long in(long[] base) {
        return base[buffer] + bytes;
    }
}
