package org.einscale.scaling.sweep;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.FolderLock;
import org.einscale.scaling.table.Run;

/**
 * Trials of one experiment run side by side, one thread each, the longest first (longest processing time rule, Graham 1969).
 * <p>
 * All that has ended is on disk at any time, so the process may be killed: the same sweep started again in the same folder keeps
 * the trials that finished or failed for good ({@link TrialFailure}) and runs the others, which go on from their checkpoints. A trial that
 * fails is marked so, and what then happens is said by {@link OnFailure}.
 * The tables list trials in the order given whichever ended first; their numbers do not depend on the number of workers, timings
 * excepted.
 * <p>
 * Another sweep may go on in the folder if it has trials in common: those are kept, by their configurations and not their names, its
 * new ones are run, and what it does not have stays in {@code trials} and leaves the tables.
 *
 * @param folder where all is written
 * @param trials what to run, in the order of the tables
 * @param runner how a trial is run
 * @param onFailure what happens when a trial fails
 */
public record Sweep(Path folder, List<Trial> trials, TrialRunner runner, OnFailure onFailure) {

    private static final long PATIENCE_SECONDS = 30;

    public Sweep {
        trials = List.copyOf(trials);
        if (trials.isEmpty()) {
            throw new ScalingException("a sweep needs at least one trial");
        }
        var names = new HashSet<String>();
        for (Trial trial : trials) {
            if (!names.add(trial.name())) {
                throw new ScalingException("two trials of the sweep have the name " + trial.name());
            }
        }
    }

    /** A sweep that goes on when a trial fails. */
    public Sweep(Path folder, List<Trial> trials, TrialRunner runner) {
        this(folder, trials, runner, OnFailure.CONTINUE);
    }

    /** What a worker hands over when its trial has ended: the row, or what keeps the sweep from going on. */
    private sealed interface Outcome {
        record Ended(Trial trial, Run run) implements Outcome {}

        record Stopped(RuntimeException cause) implements Outcome {}

        record Interrupted() implements Outcome {}
    }

    /** Runs with a worker for each core and nobody listening. */
    public List<Run> run() throws InterruptedException {
        return run(Runtime.getRuntime().availableProcessors(), SweepListener.SILENT);
    }

    /**
     * Runs all trials that have not ended yet.
     *
     * @param workers trials run at once, positive
     * @param listener told how it goes
     * @return a row for each trial, in their order
     * @throws ScalingException where the folder belongs to another sweep, is in use, or cannot be written
     * @throws SweepStopped where a trial failed and the sweep then ends; the tables hold its row
     * @throws InterruptedException where this thread or a trial's was interrupted; all trials are then stopped
     */
    public List<Run> run(int workers, SweepListener listener) throws InterruptedException {
        try (FolderLock lock = FolderLock.take(folder)) {
            return run(lock, workers, listener);
        }
    }

    /** As {@link #run(int, SweepListener)} for a caller who holds the folder, before or after too. */
    public List<Run> run(FolderLock lock, int workers, SweepListener listener) throws InterruptedException {
        if (workers < 1) {
            throw new ScalingException("a sweep needs at least 1 worker, found " + workers);
        }
        if (!lock.folder().equals(folder)) {
            throw new ScalingException(
                    "a sweep in " + folder + " needs the lock of it, found that of " + lock.folder());
        }
        var files = new SweepFolder(folder);
        List<String> leftOut = files.claim(trials);
        var ended = new HashMap<Trial, Run>();
        for (Trial trial : trials) {
            files.kept(trial).ifPresent(run -> {
                ended.put(trial, run);
                listener.kept(trial, run);
            });
        }
        files.writeTables(trials, ended);
        for (Run kept : ended.values()) {
            stopAtFailure(kept);
        }
        List<Trial> rest = trials.stream().filter(trial -> !ended.containsKey(trial)).toList();
        listener.planned(ended.size(), rest, leftOut);
        runRest(rest, files, ended, workers, listener);
        return trials.stream().map(trial -> ended.get(trial)).toList();
    }

    private void runRest(List<Trial> rest, SweepFolder files, Map<Trial, Run> ended, int workers,
            SweepListener listener) throws InterruptedException {
        var outcomes = new LinkedBlockingQueue<Outcome>();
        var stopped = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(workers,
                Thread.ofPlatform().daemon().name("trial-", 1).factory());
        try {
            rest.stream().sorted(Comparator.comparingDouble(Trial::flopsProgram).reversed())
                    .forEach(trial -> pool.execute(() -> {
                        if (!stopped.get()) {
                            Outcome outcome = outcome(new TrialRun(trial, files, listener));
                            stopped.compareAndSet(false, stops(outcome));
                            outcomes.add(outcome);
                        }
                    }));
            for (int i = 0; i < rest.size(); i++) {
                collect(outcomes, files, ended, listener);
            }
        } finally {
            pool.shutdownNow();
            // A trial that is stopped may be writing its checkpoint; the lock is held until it is done.
            pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Outcome outcome(TrialRun trial) {
        try {
            return new Outcome.Ended(trial.trial(), trial.run(runner, onFailure.retries()));
        } catch (InterruptedException e) {
            return new Outcome.Interrupted();
        } catch (RuntimeException e) {
            return new Outcome.Stopped(e);
        } catch (Error e) {
            return new Outcome.Stopped(
                    new IllegalStateException("trial " + trial.trial().name() + " could not be kept", e));
        }
    }

    private void collect(BlockingQueue<Outcome> outcomes, SweepFolder files, Map<Trial, Run> ended,
            SweepListener listener)
            throws InterruptedException {
        switch (outcomes.take()) {
            case Outcome.Ended end -> {
                ended.put(end.trial(), end.run());
                files.writeTables(trials, ended);
                listener.ended(end.trial(), end.run());
                stopAtFailure(end.run());
            }
            case Outcome.Stopped stopped -> throw stopped.cause();
            case Outcome.Interrupted interrupted -> throw new InterruptedException("a trial was interrupted");
        }
    }

    private boolean stops(Outcome outcome) {
        return outcome instanceof Outcome.Ended(_, Run run) && stopsAt(run);
    }

    private boolean stopsAt(Run run) {
        return onFailure.stops() && run.status() == Run.Status.FAILED;
    }

    private void stopAtFailure(Run run) {
        if (stopsAt(run)) {
            throw new SweepStopped(run);
        }
    }
}
