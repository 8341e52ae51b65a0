package org.einscale.tensor.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Arenas that are lent to one user at a time and kept for the next. There are never more of them than were lent at the same
 * time: where none is large enough, a new one replaces the largest idle one. Safe for use by many threads.
 */
public final class ArenaPool implements AutoCloseable {
    private long most;
    private final List<TensorArena> idle = new ArrayList<>();
    private long idleBytes;

    /**
     * @param most
     *            bytes of idle arenas that are kept; one that comes back on top of them is freed
     */
    public ArenaPool(long most) {
        this.most = most;
    }

    /**
     * The smallest idle arena that is large enough, or a new one. Its content is undefined.
     *
     * @throws OutOfMemoryError
     *             if there is not that much memory
     */
    public synchronized TensorArena take(long bytes) {
        int smallest = -1;
        int largest = -1;
        for (int i = 0; i < idle.size(); i++) {
            long size = idle.get(i).bytes();
            if (size >= bytes && (smallest < 0 || size < idle.get(smallest).bytes())) {
                smallest = i;
            }
            if (largest < 0 || size > idle.get(largest).bytes()) {
                largest = i;
            }
        }
        if (smallest >= 0) {
            return remove(smallest);
        }
        if (largest >= 0) {
            remove(largest).close();
        }
        return TensorArena.allocate(bytes);
    }

    private TensorArena remove(int position) {
        TensorArena arena = idle.remove(position);
        idleBytes -= arena.bytes();
        return arena;
    }

    /** Ends a loan. */
    public synchronized void giveBack(TensorArena arena) {
        if (idleBytes + arena.bytes() > most) {
            arena.close();
        } else {
            idle.add(arena);
            idleBytes += arena.bytes();
        }
    }

    /** Frees what is idle, and what is still lent as soon as it comes back. */
    @Override
    public synchronized void close() {
        most = -1;
        idle.forEach(TensorArena::close);
        idle.clear();
        idleBytes = 0;
    }
}
