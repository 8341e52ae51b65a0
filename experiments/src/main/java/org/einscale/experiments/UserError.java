package org.einscale.experiments;

/**
 * Something that the person at the keyboard can put right: a wrong option, setting or file. Its message is the whole
 * report, one sentence that says what is wrong, where, and what would be right; the command ends with exit code 2.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
