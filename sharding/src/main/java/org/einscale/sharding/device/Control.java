package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.sharding.wire.Address;

/** What nodes and those who lead devices on them tell one another beside the numbers themselves. */
sealed interface Control {

    /** To a node. */
    sealed interface Order extends Control {
    }

    /** From a node. */
    sealed interface Answer extends Control {
    }

    /** Who are you? */
    record Describe(ActorRef<Control> to) implements Order {}

    /**
     * Have some devices of a mesh.
     *
     * @param run
     *            number of the mesh
     * @param recipe
     *            from which the node makes the program and its partition by itself
     * @param digest
     *            of what comes of that where the order was given
     * @param places
     *            where each device is
     * @param leader
     *            where reports go
     */
    record Prepare(long run, String recipe, String digest, List<Address> places, Address leader,
            ActorRef<Control> to) implements Order {}

    /**
     * Do jobs.
     *
     * @param run
     *            number of the hire
     * @param recipe
     *            what all jobs have in common
     * @param bytes
     *            of the file that they need, which is asked for unless it is there
     * @param hash
     *            of that
     * @param leader
     *            where jobs come from
     */
    record Hire(long run, String recipe, long bytes, String hash, Address leader,
            ActorRef<Control> to) implements Order {}

    /** The mesh is not needed any more, or the hire is over. */
    record Release(long run) implements Order {}

    /** Who the node is, and how many numbers it was sent and has sent. */
    record Described(NodeInfo node, ActorRef<Control> ref) implements Answer {}

    /** The devices are there, or jobs can come. */
    record Prepared(long run, Address node) implements Answer {}

    /** They are not, or cannot, for a reason that follows the name of the node. */
    record Refused(long run, Address node, String reason) implements Answer {}

    /** Which nodes can be reached; what a leader tells itself. */
    record Listed(Set<ActorRef<Control>> nodes) implements Control {}

    /** What devices are to run was made, or could not be; what a node tells itself. */
    record Made(Prepare order, Optional<Hosted> hosted, Optional<Throwable> failure) implements Control {}

    /** The devices of a mesh have stopped; what a node tells itself. */
    record Left(long run) implements Control {}
}
