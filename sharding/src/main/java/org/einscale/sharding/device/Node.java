package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Receiver;
import org.einscale.tensor.memory.TensorArena;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that others place devices on or have do jobs, until it is closed or cut off from them. */
public final class Node implements AutoCloseable {
    static final ServiceKey<Control> KEY = ServiceKey.create(Control.class, "node");
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final int cores;
    private final String version;
    private final Workshop workshop;
    private final Skill skill;
    private final Semaphore free;
    private final Path folder;
    private final Endpoint endpoint;
    private final Member<Control> member;
    private final Map<Long, Guest> guests = new ConcurrentHashMap<>();
    private volatile Set<String> peers = Set.of();

    /** Who has a guest here, and how it is made to leave. */
    private record Tenant(ActorRef<Control> leader, Runnable leave) {}

    private Node(Membership membership, int cores, String version, Workshop workshop, Skill skill, Duration limit)
            throws IOException {
        this.cores = cores;
        this.version = version;
        this.workshop = workshop;
        this.skill = skill;
        this.free = new Semaphore(cores, true);
        this.folder = Files.createTempDirectory("einscale-node-");
        this.endpoint = Endpoint.listen(membership.host(), membership.security(), new Frames());
        try {
            this.member = Member.join(membership, "node", Behaviors.setup(this::guardian), limit);
        } catch (RuntimeException | Error e) {
            endpoint.close();
            throw e;
        }
    }

    /**
     * Joins a cluster, or begins one.
     *
     * @param cores
     *            devices that it computes for at the same time, or jobs that it does
     * @param version
     *            of the program, told to those who ask
     * @param workshop
     *            makes what devices run
     * @param skill
     *            does jobs
     * @param limit
     *            for joining
     * @throws org.einscale.sharding.ShardingError
     *             if the cluster cannot be joined
     * @throws IOException
     *             if this process cannot be reached by others
     */
    public static Node start(Membership membership, int cores, String version, Workshop workshop, Skill skill,
            Duration limit) throws IOException {
        return new Node(membership, cores, version, workshop, skill, limit);
    }

    /** Host and port by which others join it. */
    public String name() {
        return member.name();
    }

    /** Other nodes that could be reached of late, by their names. */
    public Set<String> peers() {
        return peers;
    }

    /** Completes when this process is no member any more. */
    public CompletableFuture<Void> ended() {
        return member.ended();
    }

    /** Leaves the cluster. */
    @Override
    public void close() {
        member.close();
        endpoint.close();
        guests.values().forEach(Guest::close);
        Folder.delete(folder);
    }

    /** What it has and does. */
    public NodeInfo info() {
        return info(member.name());
    }

    private NodeInfo info(String name) {
        List<String> devices = guests.values().stream().map(Guest::toString).toList();
        return new NodeInfo(name, endpoint.address(), cores, version, devices, endpoint.received(),
                endpoint.sent());
    }

    private Behavior<Control> guardian(ActorContext<Control> context) {
        context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
        context.getSystem().receptionist().tell(Receptionist.subscribe(KEY, context.messageAdapter(
                Receptionist.Listing.class, listing -> new Control.Listed(listing.getServiceInstances(KEY)))));
        Map<Long, Tenant> tenants = new HashMap<>();
        return Behaviors.receive(Control.class).onMessage(Control.Listed.class, listed -> {
            peers = listed.nodes().stream().map(ref -> ref.path().address()).filter(akka.actor.Address::hasGlobalScope)
                    .map(address -> address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow())
                    .collect(Collectors.toUnmodifiableSet());
            return Behaviors.same();
        }).onMessage(Control.Describe.class, order -> {
            order.to().tell(new Control.Described(info(Member.name(context.getSystem())), context.getSelf()));
            return Behaviors.same();
        }).onMessage(Control.Prepare.class, order -> {
            prepare(order, context, tenants);
            return Behaviors.same();
        }).onMessage(Control.Made.class, made -> {
            made(made, context, tenants);
            return Behaviors.same();
        }).onMessage(Control.Hire.class, order -> {
            hired(order, context, tenants);
            return Behaviors.same();
        }).onMessage(Control.Release.class, order -> {
            Tenant tenant = tenants.remove(order.run());
            if (tenant != null) {
                tenant.leave().run();
            }
            return Behaviors.same();
        }).onMessage(Control.Left.class, left -> {
            tenants.remove(left.run());
            free(left.run());
            return Behaviors.same();
        }).onSignal(Terminated.class, end -> {
            tenants.forEach((run, tenant) -> {
                if (tenant.leader().equals(end.getRef())) {
                    context.getSelf().tell(new Control.Release(run));
                }
            });
            return Behaviors.same();
        }).build();
    }

    /** Begins to make devices, which may take long, while others want to be answered. */
    private void prepare(Control.Prepare order, ActorContext<Control> context, Map<Long, Tenant> tenants) {
        tenants.put(order.run(), new Tenant(order.to(), () -> LOG.info("needs not make a mesh any more")));
        context.watch(order.to());
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> hosted(order),
                        task -> Thread.ofPlatform().daemon().name("mesh-" + order.run()).start(task)),
                (hosted, failure) -> new Control.Made(order, Optional.ofNullable(hosted),
                        Optional.ofNullable(failure)));
    }

    private Hosted hosted(Control.Prepare order) {
        Workshop.Work work = workshop.make(order.recipe());
        if (!Numbering.digest(work.pipeline()).equals(order.digest())) {
            throw new IllegalStateException("makes another program of the same settings; its version is " + version);
        }
        return new Hosted(work.pipeline(), work.precision(), work.machine(),
                IntStream.range(0, order.places().size())
                        .filter(d -> order.places().get(d).equals(endpoint.address())).boxed().toList());
    }

    /** Has devices, unless nobody wants them any more. */
    private void made(Control.Made made, ActorContext<Control> context, Map<Long, Tenant> tenants) {
        Control.Prepare order = made.order();
        if (tenants.remove(order.run()) == null) {
            made.hosted().ifPresent(Hosted::close);
            return;
        }
        made.hosted().ifPresent(hosted -> {
            Host host = new Host(order.run(), hosted, order.places(), order.leader(), endpoint);
            guests.put(order.run(), host);
            ActorRef<Team.Command> team = context.spawn(Team.create(hosted, host), "mesh-" + order.run());
            tenants.put(order.run(), new Tenant(order.to(), () -> {
                host.release();
                context.stop(team);
            }));
            context.watchWith(team, new Control.Left(order.run()));
            host.start(team);
            order.to().tell(new Control.Prepared(order.run(), endpoint.address()));
            LOG.info("has {}", host);
        });
        made.failure().ifPresent(failure -> {
            LOG.info("refused a mesh", failure);
            Throwable cause = failure instanceof CompletionException
                    ? Objects.requireNonNull(failure.getCause())
                    : failure;
            order.to().tell(new Control.Refused(order.run(), endpoint.address(), String.valueOf(cause.getMessage())));
        });
    }

    private void hired(Control.Hire order, ActorContext<Control> context, Map<Long, Tenant> tenants) {
        Crew crew = new Crew(order.run(), order.leader(), endpoint, free, folder);
        guests.put(order.run(), crew);
        tenants.put(order.run(), new Tenant(order.to(), () -> {
            crew.release();
            free(order.run());
        }));
        context.watch(order.to());
        Thread.ofPlatform().daemon().name("hire-" + order.run()).start(() -> order.to().tell(ready(crew, order)));
    }

    private Control.Answer ready(Crew crew, Control.Hire order) {
        try {
            synchronized (skill) {
                // Whoever comes second finds the same material in the folder.
                crew.prepare(skill, order.recipe(),
                        new Parcel(folder.resolve(order.hash()), order.bytes(), order.hash()));
            }
            LOG.info("does jobs for {}", order.leader());
            return new Control.Prepared(order.run(), endpoint.address());
        } catch (InterruptedException | IOException | RuntimeException | OutOfMemoryError e) {
            LOG.info("refused to do jobs", e);
            return new Control.Refused(order.run(), endpoint.address(), String.valueOf(e.getMessage()));
        }
    }

    /** Forgets a guest that has stopped. */
    private void free(long run) {
        Guest guest = guests.remove(run);
        if (guest != null) {
            guest.close();
            LOG.info("has no more {}", guest);
        }
    }

    /** What comes from others. */
    private final class Frames implements Receiver {
        @Override
        public Verdict judge(Frame frame) {
            Guest guest = guests.get(frame.run());
            // Who sends to one that is no more may not know yet.
            return guest == null ? Verdict.LATE : Verdict.of(guest.admits(frame));
        }

        @Override
        public void received(Address peer, Frame frame, TensorArena body) {
            Guest guest = guests.get(frame.run());
            if (guest == null) {
                endpoint.giveBack(body);
            } else {
                guest.received(frame, body);
            }
        }

        @Override
        public void lost(Address peer) {
            guests.forEach((run, guest) -> {
                if (guest.leader().equals(peer)) {
                    member.tell(new Control.Release(run));
                } else {
                    guest.lost(peer);
                }
            });
        }
    }
}
