package org.einscale.scaling.sweep;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.FolderLock;
import org.einscale.scaling.table.Run;

/**
 * Trials of one experiment run side by side, one thread each, the longest first (longest processing time rule, Graham 1969).
 * Workers pull them; the trial of one that is lost is run anew by another.
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
 * @param workers who runs them
 * @param onFailure what happens when a trial fails
 */
public record Sweep(Path folder, List<Trial> trials, Workers workers, OnFailure onFailure) {

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

    /** A sweep by threads of this process. */
    public Sweep(Path folder, List<Trial> trials, TrialRunner runner, OnFailure onFailure) {
        this(folder, trials, Workers.here(runner), onFailure);
    }

    /** A sweep that goes on when a trial fails. */
    public Sweep(Path folder, List<Trial> trials, TrialRunner runner) {
        this(folder, trials, runner, OnFailure.CONTINUE);
    }

    /** Runs with a worker for each core and nobody listening. */
    public List<Run> run() throws InterruptedException {
        return run(Runtime.getRuntime().availableProcessors(), SweepListener.SILENT);
    }

    /**
     * Runs all trials that have not ended yet.
     *
     * @param atOnce trials run at once by this process, positive
     * @param listener told how it goes
     * @return a row for each trial, in their order
     * @throws ScalingException where the folder belongs to another sweep, is in use, or cannot be written
     * @throws SweepStopped where a trial failed and the sweep then ends; the tables hold its row
     * @throws InterruptedException where this thread or a trial's was interrupted; all trials are then stopped
     */
    public List<Run> run(int atOnce, SweepListener listener) throws InterruptedException {
        try (FolderLock lock = FolderLock.take(folder)) {
            return run(lock, atOnce, listener);
        }
    }

    /** As {@link #run(int, SweepListener)} for a caller who holds the folder, before or after too. */
    public List<Run> run(FolderLock lock, int atOnce, SweepListener listener) throws InterruptedException {
        if (atOnce < 1) {
            throw new ScalingException("a sweep needs at least 1 worker, found " + atOnce);
        }
        if (!lock.folder().equals(folder)) {
            throw new ScalingException(
                    "a sweep in " + folder + " needs the lock of it, found that of " + lock.folder());
        }
        var files = new SweepFolder(folder);
        List<String> leftOut = files.claim(trials);
        var ended = new HashMap<Trial, SweepFolder.TrialRows>();
        for (Trial trial : trials) {
            files.kept(trial).ifPresent(kept -> {
                ended.put(trial, kept);
                listener.kept(trial, kept.run());
            });
        }
        files.writeTables(trials, ended);
        for (SweepFolder.TrialRows kept : ended.values()) {
            stopAtFailure(kept.run());
        }
        List<Trial> rest = trials.stream().filter(trial -> !ended.containsKey(trial)).toList();
        listener.planned(ended.size(), rest, leftOut);
        runRest(rest, files, ended, atOnce, listener);
        return trials.stream().map(trial -> Objects.requireNonNull(ended.get(trial)).run()).toList();
    }

    private void runRest(List<Trial> rest, SweepFolder files, Map<Trial, SweepFolder.TrialRows> ended, int atOnce,
            SweepListener listener) throws InterruptedException {
        Shift shift = new Shift(new TrialQueue(rest), files, onFailure, listener);
        // The lock is held until all workers have ended.
        try (Workers.AtWork working = workers.begin(shift, atOnce); shift) {
            for (int i = 0; i < rest.size(); i++) {
                collect(shift.next(), files, ended, listener);
            }
        }
    }

    private void collect(Shift.Outcome outcome, SweepFolder files, Map<Trial, SweepFolder.TrialRows> ended,
            SweepListener listener) throws InterruptedException {
        switch (outcome) {
            case Shift.Outcome.Ended end -> {
                ended.put(end.trial(), files.rows(end.trial(), end.run()));
                files.writeTables(trials, ended);
                listener.ended(end.trial(), end.run());
                stopAtFailure(end.run());
            }
            case Shift.Outcome.Stopped stopped -> throw stopped.cause();
            case Shift.Outcome.Interrupted interrupted -> throw new InterruptedException("a trial was interrupted");
        }
    }

    private void stopAtFailure(Run run) {
        if (onFailure.stopsAt(run)) {
            throw new SweepStopped(run);
        }
    }
}
