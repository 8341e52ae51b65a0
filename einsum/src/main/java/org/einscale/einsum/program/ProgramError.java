package org.einscale.einsum.program;

/** A mistake in how a program is put together: its message is one sentence for the person who wrote it. */
public final class ProgramError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ProgramError(String message) {
        super(message);
    }
}
