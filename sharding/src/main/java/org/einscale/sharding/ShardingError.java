package org.einscale.sharding;

/** That something cannot be split as asked for, in one line for a person. */
public final class ShardingError extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShardingError(String message) {
        super(message);
    }

    public ShardingError(String message, Throwable cause) {
        super(message, cause);
    }
}
