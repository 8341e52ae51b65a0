package org.einscale.einsum.plan;

/** A place in a buffer, which has an absolute address once a session has laid out its memory. */
record Address(int buffer, long bytes) {
    long in(long[] base) {
        return base[buffer] + bytes;
    }
}
