package org.einscale.scaling.sweep;

import java.nio.file.Path;
import java.util.Optional;

/** Trains one trial. The sweep knows nothing else about training. */
@FunctionalInterface
public interface TrialRunner {

    /**
     * Runs a trial to its end on the calling thread. Where the folder holds a checkpoint of an earlier, interrupted run, goes on from
     * there and ends with the same numbers as an undisturbed run; evaluations already reported may be reported again.
     *
     * @param trial what to train
     * @param folder the trial's own folder, existing; {@code configuration.txt}, {@code history.csv} and {@code result.json} in it
     *        belong to the sweep
     * @param listener to be told of progress and evaluations
     * @return the final measurements
     * @throws TrialFailure where training cannot go on, such as at a loss that is not finite; the trial is marked failed for good
     * @throws InterruptedException where the thread was interrupted: the sweep stops
     * @throws Exception for anything else; the trial is marked failed, and tried again when the sweep is started again
     */
    TrialResult run(Trial trial, Path folder, TrialListener listener) throws Exception;

    /**
     * The name of a trial that begins as another does and leaves a checkpoint for it in its folder, which is beside its own: the other
     * then waits until {@link TrialListener#branched} tells of it, or that one has ended.
     */
    default Optional<String> trunk(Trial trial) {
        return Optional.empty();
    }
}
