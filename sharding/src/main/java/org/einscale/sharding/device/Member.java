package org.einscale.sharding.device;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.einscale.sharding.ShardingError;

/** This process as a member of a cluster, with one actor that others can talk to. */
final class Member<T> implements AutoCloseable {
    private static final long LEAVING_SECONDS = 15;

    private final ActorSystem<T> system;
    private final CompletableFuture<Void> ended;

    private Member(ActorSystem<T> system) {
        this.system = system;
        this.ended = system.getWhenTerminated().toCompletableFuture().thenAccept(_ -> {
        });
    }

    /**
     * Joins, or begins a cluster if there is nobody to join. A cluster that breaks up meanwhile takes along who is about to
     * join it: that one then tries again.
     *
     * @param role
     *            what it is there for
     * @throws ShardingError
     *             if that does not come about within a limit
     */
    static <T> Member<T> join(Membership membership, String role, Behavior<T> guardian, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Member<T> member = start(membership, role, guardian);
            try {
                member.await(membership, Duration.ofNanos(deadline - System.nanoTime()));
                if (!member.ended.isDone()) {
                    return member;
                }
            } catch (CompletionException late) {
                member.close();
                throw new ShardingError("no answer from " + String.join(", ", membership.seeds()) + " within "
                        + limit.toSeconds() + " s; expected a node there that this process reaches and that reaches "
                        + membership.host() + (membership.credentials().isPresent() ? ", with the same secret" : ""));
            }
        }
    }

    private static <T> Member<T> start(Membership membership, String role, Behavior<T> guardian) {
        try {
            ActorSystem<T> system = ActorSystem.create(guardian, Membership.CLUSTER, membership.setup(role));
            system.systemActorOf(Undertaker.create(), "undertaker", Props.empty());
            return new Member<>(system);
        } catch (RuntimeException e) {
            throw new ShardingError("port " + membership.port() + " of " + membership.host() + " cannot be used: "
                    + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    /** Begins or joins a cluster, and waits until it is a member, or is none any more. */
    private void await(Membership membership, Duration limit) {
        CompletableFuture<Void> up = new CompletableFuture<>();
        akka.cluster.Cluster.get(system).registerOnMemberUp(() -> up.complete(null));
        Cluster cluster = Cluster.get(system);
        if (membership.seeds().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        CompletableFuture.anyOf(up.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS), ended).join();
    }

    /** Host and port by which others join this process. */
    String name() {
        return name(system);
    }

    /** The same, which is known before the process is a member. */
    static String name(ActorSystem<?> system) {
        akka.actor.Address address = Cluster.get(system).selfMember().address();
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    void tell(T message) {
        system.tell(message);
    }

    ActorRef<T> self() {
        return system;
    }

    /** Completes when this process is no member any more. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Leaves the cluster, and tells it so. */
    @Override
    public void close() {
        system.terminate();
        try {
            ended.copy().orTimeout(LEAVING_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new ShardingError("this process could not leave the cluster within " + LEAVING_SECONDS + " s");
        }
    }
}
