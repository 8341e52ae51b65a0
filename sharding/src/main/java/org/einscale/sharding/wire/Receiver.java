package org.einscale.sharding.wire;

import org.einscale.tensor.memory.TensorArena;

/** Gets what peers send. Called by one thread for each peer, in the order in which that peer sent. */
public interface Receiver {

    /** What a frame is taken for before its bytes are read. */
    enum Verdict {
        /** Its bytes are read and handed over. */
        WANTED,
        /** Its bytes are read and forgotten, without memory for them: it comes too late. */
        LATE,
        /** It makes no sense, above all its number of bytes; a peer that sends it is dropped. */
        SENSELESS;

        /** Of a frame that somebody expects, or nobody. */
        public static Verdict of(boolean expected) {
            return expected ? WANTED : SENSELESS;
        }
    }

    /** What a frame is to be taken for. */
    Verdict judge(Frame frame);

    /**
     * A wanted frame has come, and its bytes.
     *
     * @param body
     *            at least as many bytes, which are the receiver's until it {@linkplain Endpoint#giveBack gives them back}
     */
    void received(Address peer, Frame frame, TensorArena body);

    /** A peer does not send any more. */
    void lost(Address peer);
}
