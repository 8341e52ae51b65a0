package org.einscale.experiments.sweep;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run end in order when the process is told to, by Ctrl-C or {@code kill}: the run's thread is interrupted, the
 * process waits until it has kept its checkpoints, says how to go on, and ends with the exit code of the signal.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /**
     * From now on the current thread is a run's.
     *
     * @param advice what to say when it was interrupted
     */
    Interruption(String advice) {
        Thread run = Thread.currentThread();
        hook = new Thread(() -> {
            run.interrupt();
            await();
            System.err.println("einscale: " + advice);
        }, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        try {
            boolean unused = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run's thread has nothing left to do: it goes on, or stops here if the process is ending. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            new Semaphore(0).acquireUninterruptibly();
        }
    }
}
