package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import java.util.Map;
import org.einscale.sharding.collective.Boxes;

/** Devices of other processes, as those of this one see them. What comes from them stands in memory that is lent. */
interface Outside {
    /** For a process that has all devices. */
    Outside NONE = new Outside() {
        @Override
        public void begin(Map<Integer, ActorRef<Message>> devices) {
            // Nothing comes from elsewhere.
        }

        @Override
        public boolean has(int device) {
            return false;
        }

        @Override
        public void exchange(long epoch, int to, int bundle, int round, int from, Boxes boxes, long[] addresses) {
            throw new IllegalStateException("device " + to + " is here");
        }

        @Override
        public void link(long epoch, int to, int link, long address, long bytes) {
            throw new IllegalStateException("device " + to + " is here");
        }

        @Override
        public void taken(long address) {
            throw new IllegalStateException("nothing is lent");
        }
    };

    /** From now on, what comes for the devices of this process is told to these. */
    void begin(Map<Integer, ActorRef<Message>> devices);

    /** Whether a device is in another process. */
    boolean has(int device);

    /**
     * Sends a device what it gets in a round of a bundle of collectives, as {@link Message.Ready} there. The memory may be overwritten
     * as soon as this returns.
     *
     * @param from
     *            the sender, among the devices of its stage
     * @param addresses
     *            of the arrays of which boxes are sent
     */
    void exchange(long epoch, int to, int bundle, int round, int from, Boxes boxes, long[] addresses);

    /** Sends a device what goes through a link, as {@link Message.Sent} there. */
    void link(long epoch, int to, int link, long address, long bytes);

    /** Ends the loan of memory in which something came. */
    void taken(long address);
}
