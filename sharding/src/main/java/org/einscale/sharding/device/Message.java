package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import java.util.concurrent.CompletableFuture;
import org.einscale.sharding.collective.Exchanged;

/** What device actors tell one another. */
sealed interface Message {

    /** Run once. */
    record Run(long epoch, ActorRef<Report> to) implements Message {}

    /**
     * A device has come to a round of a bundle of collectives, and what it brings stands in its memory until all who get of it
     * have taken it.
     *
     * @param bundle
     *            number of the bundle in the device's program
     * @param addresses
     *            of what it brings to each of the collectives; if it is of another process, the one of all that came from it
     */
    record Ready(long epoch, int bundle, int round, int from, long[] addresses) implements Message {}

    /** A device of another stage has sent something through a link, and it stands there until the run ends. */
    record Sent(long epoch, int link, long address) implements Message {}

    /** A device has taken what it gets from another in the last round of a bundle. */
    record Taken(long epoch, int bundle, int from) implements Message {}

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
