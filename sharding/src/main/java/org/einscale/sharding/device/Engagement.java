package org.einscale.sharding.device;

import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Frame;
import org.einscale.tensor.memory.TensorArena;

/** What a process that leads has on nodes. */
interface Engagement {
    /** Whether a frame makes sense here. */
    boolean admits(Frame frame);

    /** A frame has come, with bytes that are lent. */
    void received(Address from, Frame frame, TensorArena body);

    /** A node is ready. */
    void prepared(Address node);

    /** A node will not be, for a reason that follows its name. */
    void refused(Address node, String reason);

    /** A node cannot be reached any more; how so follows its name. */
    void lost(Address node, String how);

    /** No node can. */
    void lost(String how);
}
