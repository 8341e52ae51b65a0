package org.einscale.sharding.wire;

import org.einscale.tensor.memory.TensorArena;

/** Gets what peers send. Called by one thread for each peer, in the order in which that peer sent. */
public interface Receiver {

    /** Whether a frame makes sense, above all its number of bytes; a peer that sends another is dropped. */
    boolean admits(Frame frame);

    /**
     * A frame has come, and its bytes.
     *
     * @param body
     *            at least as many bytes, which are the receiver's until it {@linkplain Endpoint#giveBack gives them back}
     */
    void received(Address peer, Frame frame, TensorArena body);

    /** A peer does not send any more. */
    void lost(Address peer);
}
