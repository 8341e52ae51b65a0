package org.einscale.scaling.sweep;

import org.einscale.scaling.ScalingException;

/** Training that cannot go on and would fail in the same way again: a loss that is not finite, for example. */
public final class TrialFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long step;

    /**
     * @param step optimizer step at which it happened
     * @param reason one line
     */
    public TrialFailure(long step, String reason) {
        super(reason);
        this.step = step;
    }

    /** Optimizer step at which it happened. */
    public long step() {
        return step;
    }

    /** Why a trial failed, in one line: what an exception says, after its kind unless it was written for people. */
    public static String reason(Throwable e) {
        String message = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("").strip();
        String kind = e.getClass().getSimpleName();
        return message.isEmpty()
                ? kind
                : e instanceof TrialFailure || e instanceof ScalingException ? message : kind + ": " + message;
    }
}
