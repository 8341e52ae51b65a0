package org.einscale.scaling.sweep;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Trials that workers pull, the longest first. A worker that is lost gives its trial back, for another to pull; what it should
 * answer later is not heard. Safe for use by many threads.
 */
final class TrialQueue {
    private final PriorityQueue<Trial> waiting = new PriorityQueue<>(
            Comparator.comparingDouble(Trial::flopsProgram).reversed().thenComparing(Trial::name));
    private final Set<Ticket> pulled = new HashSet<>();
    private long tickets;
    private boolean closed;

    /**
     * A trial in the hands of a worker.
     *
     * @param number tells it from the same trial in other hands
     */
    record Ticket(Trial trial, long number) {}

    TrialQueue(Collection<Trial> trials) {
        waiting.addAll(trials);
    }

    /** The longest trial that nobody has, as soon as there is one; nothing when there will be none any more. */
    synchronized Optional<Ticket> pull() throws InterruptedException {
        while (!closed && waiting.isEmpty() && !pulled.isEmpty()) {
            wait();
        }
        if (closed || waiting.isEmpty()) {
            return Optional.empty();
        }
        Ticket ticket = new Ticket(waiting.remove(), tickets++);
        pulled.add(ticket);
        return Optional.of(ticket);
    }

    /** The trial is to be run by another. */
    synchronized void giveBack(Ticket ticket) {
        if (pulled.remove(ticket)) {
            waiting.add(ticket.trial());
            notifyAll();
        }
    }

    /** The trial has ended; false if it is not in these hands any more, and this end does not count. */
    synchronized boolean end(Ticket ticket) {
        boolean counts = pulled.remove(ticket);
        notifyAll();
        return counts;
    }

    /** Nobody is to pull any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Trials that nobody has, the longest first. */
    synchronized List<Trial> waiting() {
        List<Trial> trials = new ArrayList<>(waiting);
        trials.sort(waiting.comparator());
        return trials;
    }
}
