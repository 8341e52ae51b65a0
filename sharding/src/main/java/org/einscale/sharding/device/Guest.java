package org.einscale.sharding.device;

import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Frame;
import org.einscale.tensor.memory.TensorArena;

/** What a node has for one who leads. */
interface Guest extends AutoCloseable {
    /** For whom. */
    Address leader();

    /** Whether a frame makes sense here. */
    boolean admits(Frame frame);

    /** A frame has come, with bytes that are lent. */
    void received(Frame frame, TensorArena body);

    /** Nobody waits for it any more. */
    void release();

    /** A process that does not lead it does not send any more. */
    void lost(Address peer);

    /** Frees all that it has. Tells who leads, if that still waits for it. */
    @Override
    void close();
}
