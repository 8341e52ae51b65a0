package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Receiver;
import org.einscale.tensor.memory.TensorArena;

/** A process that has no devices, but knows the nodes of a cluster, and places devices on them or has them do jobs. */
public final class Leader implements AutoCloseable {
    private static final SecureRandom NUMBERS = new SecureRandom();

    private final Endpoint endpoint;
    private final Member<Control> member;
    private final Map<Long, Engagement> engagements = new ConcurrentHashMap<>();
    /** Guarded by itself, and notified of changes. */
    private final Map<ActorRef<Control>, NodeInfo> nodes = new LinkedHashMap<>();

    private Leader(Membership membership, Duration limit) throws IOException {
        this.endpoint = Endpoint.listen(membership.host(), membership.security(), new Frames());
        try {
            this.member = Member.join(membership, "leader", Behaviors.setup(this::guardian), limit);
        } catch (RuntimeException | Error e) {
            endpoint.close();
            throw e;
        }
        member.ended()
                .thenRun(() -> engagements.values()
                        .forEach(engagement -> engagement.lost("this process was cut off from the nodes")));
    }

    /**
     * Joins the cluster of some nodes.
     *
     * @throws ShardingError
     *             if none answers within the limit
     * @throws IOException
     *             if this process cannot be reached by others
     */
    public static Leader join(Membership membership, Duration limit) throws IOException {
        return new Leader(membership, limit);
    }

    private Behavior<Control> guardian(ActorContext<Control> context) {
        context.getSystem().receptionist().tell(Receptionist.subscribe(Node.KEY, context.messageAdapter(
                Receptionist.Listing.class, listing -> new Control.Listed(listing.getServiceInstances(Node.KEY)))));
        return Behaviors.receive(Control.class).onMessage(Control.Listed.class, listed -> {
            listed(listed, context.getSelf());
            return Behaviors.same();
        }).onMessage(Control.Described.class, answer -> {
            synchronized (nodes) {
                nodes.put(answer.ref(), answer.node());
                nodes.notifyAll();
            }
            return Behaviors.same();
        }).onMessage(Control.Prepared.class, answer -> {
            of(answer.run()).ifPresent(engagement -> engagement.prepared(answer.node()));
            return Behaviors.same();
        }).onMessage(Control.Refused.class, answer -> {
            of(answer.run()).ifPresent(engagement -> engagement.refused(answer.node(), answer.reason()));
            return Behaviors.same();
        }).build();
    }

    private Optional<Engagement> of(long run) {
        return Optional.ofNullable(engagements.get(run));
    }

    private void listed(Control.Listed listed, ActorRef<Control> self) {
        List<NodeInfo> gone = new ArrayList<>();
        synchronized (nodes) {
            for (ActorRef<Control> ref : List.copyOf(nodes.keySet())) {
                if (!listed.nodes().contains(ref)) {
                    gone.add(Objects.requireNonNull(nodes.remove(ref)));
                }
            }
            listed.nodes().stream().filter(ref -> !nodes.containsKey(ref))
                    .forEach(ref -> ref.tell(new Control.Describe(self)));
            nodes.notifyAll();
        }
        gone.forEach(node -> lost(node.address(), "was not heard of for " + Membership.SILENCE_SECONDS
                + " s, or has left"));
    }

    private void lost(Address address, String how) {
        engagements.values().forEach(engagement -> engagement.lost(address, how));
    }

    /** Nodes that can be reached now, by their names. */
    public List<NodeInfo> nodes() {
        synchronized (nodes) {
            return nodes.values().stream().sorted(Comparator.comparing(NodeInfo::name)).toList();
        }
    }

    /**
     * Waits for nodes.
     *
     * @param enough
     *            of those that can be reached
     * @return them, enough or not
     */
    public List<NodeInfo> await(Predicate<List<NodeInfo>> enough, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (nodes) {
            while (!enough.test(nodes()) && !member.ended().isDone()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                nodes.wait(Math.clamp(left / 1_000_000, 1, 1000));
            }
            return nodes();
        }
    }

    /** Nodes that can be reached, asked anew what they have and do; of one that does not answer in time, what it said before. */
    public List<NodeInfo> asked(Duration limit) throws InterruptedException {
        Map<ActorRef<Control>, NodeInfo> before;
        synchronized (nodes) {
            before = Map.copyOf(nodes);
        }
        before.keySet().forEach(ref -> ref.tell(new Control.Describe(member.self())));
        return await(_ -> nodes.entrySet().stream().noneMatch(node -> node.getValue() == before.get(node.getKey())),
                limit);
    }

    /** Whether this process is no member any more, and has to join anew. */
    public boolean isCutOff() {
        return member.ended().isDone();
    }

    /**
     * Has nodes make a mesh of devices.
     *
     * @param work
     *            what {@code workshop} makes of the recipe here
     * @param recipe
     *            from which each node makes it by itself
     * @param places
     *            the node of each device
     * @param limit
     *            for all of them together
     * @throws NodeLost
     *             if one is lost meanwhile, or is not ready in time
     * @throws ShardingError
     *             if one refuses
     */
    public DeviceMesh mesh(Workshop.Work work, String recipe, List<NodeInfo> places, Duration limit) {
        long run = NUMBERS.nextLong() & Long.MAX_VALUE;
        ClusterMesh mesh = new ClusterMesh(run, work, places, endpoint, closed -> release(closed.number(), places));
        engagements.put(run, mesh);
        try {
            order(places, new Control.Prepare(run, recipe, Numbering.digest(work.pipeline()),
                    places.stream().map(NodeInfo::address).toList(), endpoint.address(), member.self()));
            mesh.awaitPrepared(limit);
            return mesh;
        } catch (RuntimeException | Error e) {
            mesh.close();
            throw e;
        }
    }

    /**
     * Has a node do jobs.
     *
     * @param recipe
     *            what they have in common
     * @param material
     *            a file that they need, which the node is sent unless it has it from before
     * @param limit
     *            until the node is ready
     * @throws NodeLost
     *             if it is lost meanwhile, or is not ready in time
     * @throws ShardingError
     *             if it refuses
     */
    public Hire hire(NodeInfo node, String recipe, Parcel material, Duration limit) throws InterruptedException {
        long run = NUMBERS.nextLong() & Long.MAX_VALUE;
        HiredNode hired = new HiredNode(run, node, material, endpoint,
                closed -> release(closed.number(), List.of(node)));
        engagements.put(run, hired);
        try {
            order(List.of(node), new Control.Hire(run, recipe, material.bytes(), material.hash(), endpoint.address(),
                    member.self()));
            hired.awaitPrepared(limit);
            return hired;
        } catch (InterruptedException | RuntimeException | Error e) {
            hired.close();
            throw e;
        }
    }

    private void release(long run, List<NodeInfo> nodes) {
        engagements.remove(run);
        order(nodes, new Control.Release(run));
    }

    private void order(List<NodeInfo> to, Control.Order order) {
        synchronized (nodes) {
            nodes.forEach((ref, node) -> {
                if (to.stream().anyMatch(place -> place.address().equals(node.address()))) {
                    ref.tell(order);
                }
            });
        }
    }

    /** Leaves the cluster; meshes and hires must be closed. */
    @Override
    public void close() {
        member.close();
        endpoint.close();
    }

    private final class Frames implements Receiver {
        @Override
        public Verdict judge(Frame frame) {
            Engagement engagement = engagements.get(frame.run());
            return engagement == null ? Verdict.LATE : Verdict.of(engagement.admits(frame));
        }

        @Override
        public void received(Address peer, Frame frame, TensorArena body) {
            Engagement engagement = engagements.get(frame.run());
            if (engagement == null) {
                endpoint.giveBack(body);
            } else {
                engagement.received(peer, frame, body);
            }
        }

        @Override
        public void lost(Address peer) {
            synchronized (nodes) {
                // If it is still there it is heard of again.
                nodes.values().removeIf(node -> node.address().equals(peer));
            }
            Leader.this.lost(peer, "has hung up");
        }
    }
}
