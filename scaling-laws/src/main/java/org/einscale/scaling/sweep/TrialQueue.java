package org.einscale.scaling.sweep;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Trials that workers pull, the longest first. A worker that is lost gives its trial back, for another to pull; what it should
 * answer later is not heard. Safe for use by many threads.
 */
final class TrialQueue {
    private final NavigableSet<Trial> waiting = new TreeSet<>(
            Comparator.comparingDouble(Trial::flopsProgram).reversed().thenComparing(Trial::name));
    private final Set<String> unended = new HashSet<>();
    private final Set<String> branched = new HashSet<>();
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
        trials.forEach(trial -> unended.add(trial.name()));
    }

    /**
     * The longest trial that nobody has and that waits for no other, as soon as there is one; nothing when there will be none any
     * more.
     */
    synchronized Optional<Ticket> pull(TrialRunner runner) throws InterruptedException {
        while (!closed && !(waiting.isEmpty() && pulled.isEmpty())) {
            Optional<Trial> ready = waiting.stream().filter(trial -> isReady(trial, runner)).findFirst();
            if (ready.isPresent()) {
                waiting.remove(ready.get());
                Ticket ticket = new Ticket(ready.get(), tickets++);
                pulled.add(ticket);
                return Optional.of(ticket);
            }
            wait();
        }
        return Optional.empty();
    }

    private boolean isReady(Trial trial, TrialRunner runner) {
        return branched.contains(trial.name()) || runner.trunk(trial).filter(unended::contains).isEmpty();
    }

    /** A trial need not wait for another any longer. */
    synchronized void branched(String trial) {
        branched.add(trial);
        notifyAll();
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
        if (counts) {
            unended.remove(ticket.trial().name());
        }
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
        return List.copyOf(waiting);
    }
}
