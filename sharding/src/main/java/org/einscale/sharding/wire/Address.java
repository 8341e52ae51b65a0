package org.einscale.sharding.wire;

/**
 * Where a process can be reached.
 *
 * @param token
 *            that whoever connects has to know; it is told to members of the cluster alone
 */
public record Address(String host, int port, String token) {

    /** Without the token. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
