package org.einscale.sharding.device;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.UnreachableMember;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Subscribe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Tells the dead from the silent. The port of a process that has ended refuses a connection, and that process is taken out of
 * the cluster right away, whoever else is there; of one that only cannot be heard it is the majority that decides, as it may be
 * this side that was cut off.
 */
final class Undertaker {
    private static final int LIMIT_MILLIS = 1000;

    private Undertaker() {
    }

    static Behavior<UnreachableMember> create() {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions().tell(Subscribe.create(context.getSelf(), UnreachableMember.class));
            return Behaviors.receive(UnreachableMember.class).onMessage(UnreachableMember.class, unreachable -> {
                Address address = unreachable.member().address();
                Thread.ofVirtual().name("undertaker").start(() -> {
                    if (refuses(address)) {
                        cluster.manager().tell(new Down(address));
                    }
                });
                return Behaviors.same();
            }).build();
        });
    }

    private static boolean refuses(Address address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost().orElseThrow(), address.getPort().orElseThrow()),
                    LIMIT_MILLIS);
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException silent) {
            return false;
        }
    }
}
