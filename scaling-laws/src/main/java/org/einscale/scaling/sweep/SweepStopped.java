package org.einscale.scaling.sweep;

import org.einscale.scaling.table.Run;

/** A sweep that ended because a trial failed, as was asked for. */
public final class SweepStopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SweepStopped(Run failed) {
        super("trial " + failed.trial() + " failed"
                + (failed.failedStep().isPresent() ? " at step " + failed.failedStep().getAsLong() : "") + ": "
                + failed.failure());
    }
}
