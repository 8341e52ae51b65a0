package org.einscale.scaling.sweep;

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
}
