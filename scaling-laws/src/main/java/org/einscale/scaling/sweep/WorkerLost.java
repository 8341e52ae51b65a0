package org.einscale.scaling.sweep;

/** That who ran a trial cannot be reached any more, which says nothing about the trial: another is to run it. */
public final class WorkerLost extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reason one line that names the worker */
    public WorkerLost(String reason, Throwable cause) {
        super(reason, cause);
    }
}
