package org.einscale.sharding.wire;

import java.io.IOException;

/** That a peer does not keep to the protocol, in words that follow its address. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    ProtocolException(String message) {
        super(message);
    }
}
