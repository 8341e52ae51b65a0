package org.einscale.scaling.sweep;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.einscale.scaling.sweep.TrialQueue.Ticket;
import org.einscale.scaling.table.Run;

/** The trials of a sweep that have not ended, as its workers see them. Safe for use by many threads. */
public final class Shift implements AutoCloseable {
    private final TrialQueue queue;
    private final SweepFolder files;
    private final OnFailure onFailure;
    private final SweepListener listener;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    /** What a worker hands over: a row, or what keeps the sweep from going on. */
    sealed interface Outcome {
        record Ended(Trial trial, Run run) implements Outcome {}

        record Stopped(RuntimeException cause) implements Outcome {}

        record Interrupted() implements Outcome {}
    }

    Shift(TrialQueue queue, SweepFolder files, OnFailure onFailure, SweepListener listener) {
        this.queue = queue;
        this.files = files;
        this.onFailure = onFailure;
        this.listener = listener;
    }

    /**
     * Runs one trial after the other on this thread, until none is left.
     *
     * @param worker by what name people know who runs them; empty: this process
     * @throws WorkerLost if the runner throws it; its trial is then another's
     */
    public void work(String worker, TrialRunner runner) throws InterruptedException {
        for (Optional<Ticket> next = queue.pull(runner); next.isPresent(); next = queue.pull(runner)) {
            Ticket ticket = next.get();
            try {
                work(ticket, new TrialRun(ticket.trial(), files, listener, queue::branched), worker, runner);
            } catch (WorkerLost lost) {
                queue.giveBack(ticket);
                listener.givenBack(ticket.trial(), String.valueOf(lost.getMessage()));
                throw lost;
            }
        }
    }

    private void work(Ticket ticket, TrialRun trial, String worker, TrialRunner runner) throws InterruptedException {
        try {
            TrialRun.End end = trial.run(worker, runner, onFailure.retries());
            if (queue.end(ticket)) {
                ended(ticket.trial(), end);
            }
        } catch (WorkerLost lost) {
            throw lost;
        } catch (InterruptedException e) {
            outcomes.add(new Outcome.Interrupted());
            throw e;
        } catch (RuntimeException e) {
            fail(e);
        } catch (Error e) {
            fail(new IllegalStateException("trial " + ticket.trial().name() + " could not be kept", e));
        }
    }

    private void ended(Trial trial, TrialRun.End end) {
        if (end.lasts()) {
            files.keep(trial, end.run());
        }
        if (onFailure.stopsAt(end.run())) {
            queue.close();
        }
        outcomes.add(new Outcome.Ended(trial, end.run()));
    }

    /** Ends the sweep, as nobody can work. */
    public void fail(RuntimeException cause) {
        outcomes.add(new Outcome.Stopped(cause));
    }

    /** Tells whoever watches the sweep about its workers. */
    public void tell(String text) {
        listener.told(text);
    }

    Outcome next() throws InterruptedException {
        return outcomes.take();
    }

    /** Nobody gets a trial any more. */
    @Override
    public void close() {
        queue.close();
    }
}
