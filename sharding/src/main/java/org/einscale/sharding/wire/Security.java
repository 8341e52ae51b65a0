package org.einscale.sharding.wire;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/** How processes make sure of one another. */
public interface Security {
    /** Not at all: for processes of one machine. */
    Security NONE = new Security() {
        @Override
        public ByteChannel client(SocketChannel socket) {
            return socket;
        }

        @Override
        public ByteChannel server(SocketChannel socket) {
            return socket;
        }
    };

    /**
     * The end that has connected.
     *
     * @throws IOException
     *             if the other end is not to be trusted
     */
    ByteChannel client(SocketChannel socket) throws IOException;

    /**
     * The end that was connected to.
     *
     * @throws IOException
     *             if the other end is not to be trusted
     */
    ByteChannel server(SocketChannel socket) throws IOException;
}
