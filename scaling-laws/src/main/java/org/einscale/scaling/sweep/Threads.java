package org.einscale.scaling.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Threads of this process that pull trials. They can be told to end together. */
public final class Threads implements Workers.AtWork {
    private static final long PATIENCE_SECONDS = 30;

    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    /** What a thread does. */
    @FunctionalInterface
    public interface Task {
        void run() throws InterruptedException;
    }

    /** Starts one more, unless they have been told to end. */
    public synchronized void start(String name, Task task) {
        if (!closed) {
            threads.add(Thread.ofPlatform().daemon().name(name).start(() -> {
                try {
                    task.run();
                } catch (InterruptedException told) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
    }

    private synchronized List<Thread> end() {
        closed = true;
        threads.forEach(Thread::interrupt);
        return List.copyOf(threads);
    }

    @Override
    public void close() {
        // A trial that is stopped may be writing its checkpoint.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            for (Thread thread : end()) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
