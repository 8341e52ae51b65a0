package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import org.einscale.sharding.collective.Exchanged;

/** What device actors tell one another. */
sealed interface Message {

    /** Run once. */
    record Run(long epoch, ActorRef<Report> to) implements Message {}

    /**
     * A device has come to a round of a collective, and what it brings stands in its memory until all who get of it have taken
     * it.
     *
     * @param meeting
     *            number of the collective in the plan
     * @param round
     *            of the collective
     * @param address
     *            of what it brings
     */
    record Ready(long epoch, int meeting, int round, int from, long address) implements Message {}

    /** A device of another stage has sent something through a link, and it stands there until the run ends. */
    record Sent(long epoch, int link, long address) implements Message {}

    /** A device has taken what it gets from another in the last round of a collective. */
    record Taken(long epoch, int meeting, int from) implements Message {}

    /** What a device tells itself, to hear others before it computes on. */
    record GoOn() implements Message {}

    /** Somebody wants to know what the device waits for. */
    record Ask(CompletableFuture<String> answer) implements Message {}

    /** What a device tells the one who started the run. */
    sealed interface Report {
        int device();

        /**
         * The device has run.
         *
         * @param exchanged
         *            what it counted
         */
        record Done(int device, long epoch, Exchanged exchanged) implements Report {}

        /** The device cannot go on. */
        record Failed(int device, long epoch, String where, Throwable cause) implements Report {}
    }
}
