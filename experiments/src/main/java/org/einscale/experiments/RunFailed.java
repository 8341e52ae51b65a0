package org.einscale.experiments;

/** A run that was asked for rightly and did not succeed, as one line; the command ends with exit code 1. */
public final class RunFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailed(String message) {
        super(message);
    }

    public RunFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
