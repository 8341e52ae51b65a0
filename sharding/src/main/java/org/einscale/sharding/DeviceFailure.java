package org.einscale.sharding;

/** That a device of a mesh could not go on, in one line for a person. */
public class DeviceFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeviceFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
