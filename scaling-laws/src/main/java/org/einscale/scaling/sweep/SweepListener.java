package org.einscale.scaling.sweep;

import java.util.List;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.Run;

/**
 * Told how a sweep goes, for live output. {@link #started}, {@link #progressed} and {@link #evaluated} come from the trials' threads,
 * several at once.
 */
public interface SweepListener {

    /** Hears nothing. */
    SweepListener SILENT = new SweepListener() {
    };

    /** A trial had ended in an earlier run of this sweep, and its row was kept. */
    default void kept(Trial trial, Run run) {
    }

    /**
     * The folder has been looked through, and trials are about to start.
     *
     * @param kept number of trials that had ended
     * @param rest the trials that will run
     * @param leftOut names of trials in the folder that the sweep does not have, and its tables neither
     */
    default void planned(int kept, List<Trial> rest, List<String> leftOut) {
    }

    /**
     * A trial begins or goes on.
     *
     * @param worker who runs it; empty: this process
     */
    default void started(Trial trial, String worker) {
    }

    /** A trial did some steps. */
    default void progressed(Trial trial, Progress progress) {
    }

    /** A trial was evaluated. */
    default void evaluated(Trial trial, Evaluation evaluation) {
    }

    /**
     * A trial failed and is tried again. Comes from the trial's thread.
     *
     * @param failure why, one line
     * @param left how often it may be tried
     */
    default void retried(Trial trial, String failure, int left) {
    }

    /** Who ran a trial is lost, for a reason in one line, and another is to run it. */
    default void givenBack(Trial trial, String reason) {
    }

    /** Workers have something to say. */
    default void told(String text) {
    }

    /** A trial ended, finished or failed; the tables hold its row. */
    default void ended(Trial trial, Run run) {
    }
}
