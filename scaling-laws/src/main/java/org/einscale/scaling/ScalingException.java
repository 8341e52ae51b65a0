package org.einscale.scaling;

/** Something that the person who started the work can mend. The message is one line: what, where, found, expected. */
public final class ScalingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message one line, complete in itself */
    public ScalingException(String message) {
        super(message);
    }

    /**
     * @param message one line, complete in itself
     * @param cause what the machine said
     */
    public ScalingException(String message, Throwable cause) {
        super(message, cause);
    }
}
