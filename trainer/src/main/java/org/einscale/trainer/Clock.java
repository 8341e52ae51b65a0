package org.einscale.trainer;

/** Adds up where the time goes. Allocates nothing while steps are counted. */
final class Clock {
    private static final long WARMUP_STEPS = 100;
    private static final double NANOS = 1e9;
    /** Weight of the newest step in the recent speed. */
    private static final double NEWEST = 0.05;

    private final TrainingTime before;
    private long steps;
    private long warmup;
    private long steady;
    private long evaluation;
    private double recent;

    /** Goes on from the time that earlier processes took. */
    Clock(TrainingTime before) {
        this.before = before;
    }

    void step(long nanos) {
        steps++;
        if (steps <= WARMUP_STEPS) {
            warmup += nanos;
        } else {
            steady += nanos;
        }
        recent = recent == 0 ? nanos : recent + NEWEST * (nanos - recent);
    }

    void evaluation(long nanos) {
        evaluation += nanos;
    }

    TrainingTime time() {
        return new TrainingTime(before.warmup() + warmup / NANOS, before.steady() + steady / NANOS,
                before.steadySteps() + Math.max(0, steps - WARMUP_STEPS), before.evaluation() + evaluation / NANOS);
    }

    /** Steps a second, of late. */
    double recentSpeed() {
        return NANOS / Math.max(1, recent);
    }

    /** Steps a second after warm-up; where there were none such, of all the given steps. */
    static double steadySpeed(TrainingTime time, long allSteps) {
        return time.steadySteps() > 0 ? time.steadySteps() / time.steady() : allSteps / Math.max(1e-9, time.warmup());
    }
}
