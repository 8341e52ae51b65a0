package org.einscale.sharding;

/** That processes which had devices cannot be reached any more. The same may go on with devices elsewhere. */
public final class NodeLost extends DeviceFailure {
    private static final long serialVersionUID = 1;

    public NodeLost(String message) {
        super(message, new IllegalStateException("lost"));
    }
}
