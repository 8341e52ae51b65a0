package org.einscale.trainer;

/**
 * Where the time of a training went, all in seconds, summed over the processes that it took.
 *
 * @param warmup first steps of each process, while Java still compiles the kernels
 * @param steady all other steps
 * @param steadySteps how many those are
 * @param evaluation measurements of the validation loss
 */
public record TrainingTime(double warmup, double steady, long steadySteps, double evaluation) {
    static final TrainingTime ZERO = new TrainingTime(0, 0, 0, 0);

    /** All of it. */
    public double seconds() {
        return warmup + steady + evaluation;
    }
}
