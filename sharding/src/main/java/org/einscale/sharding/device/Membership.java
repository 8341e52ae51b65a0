package org.einscale.sharding.device;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.remote.artery.tcp.SSLEngineProvider;
import akka.remote.artery.tcp.SSLEngineProviderSetup;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.wire.Credentials;
import org.einscale.sharding.wire.Security;
import scala.Option;

/**
 * How a process takes part in a cluster.
 *
 * @param host
 *            name or number of this machine by which others reach it
 * @param port
 *            0 for a free one
 * @param seeds
 *            processes to join, each {@code host:port}; none to begin a cluster
 * @param credentials
 *            with which processes prove to one another who they are; without, all processes of this machine are trusted
 */
public record Membership(String host, int port, List<String> seeds, Optional<Credentials> credentials) {
    static final String CLUSTER = "einscale";
    /** A process that is not heard of for so long is taken for lost. */
    public static final int SILENCE_SECONDS = 6;
    private static final int DOWN_SECONDS = 4;
    private static final int LEAVING_SECONDS = 2;

    /** @throws ShardingError if processes of other machines could come and nothing says whom to trust */
    public Membership {
        if (credentials.isEmpty() && !isLoopback(host)) {
            throw new ShardingError(
                    "host " + host + " is reached from other machines, and nothing says who may come; expected"
                            + " 127.0.0.1, or credentials");
        }
        seeds = List.copyOf(seeds);
    }

    /** Whether only processes of this machine reach a host. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ShardingError("host " + host + " is not known here");
        }
    }

    /** How the sockets of data are made safe. */
    Security security() {
        return credentials.<Security>map(c -> c).orElse(Security.NONE);
    }

    /** Akka's settings, and how its sockets are made safe. */
    ActorSystemSetup setup(String role) {
        ActorSystemSetup plain = ActorSystemSetup.create(BootstrapSetup.create(config(role)));
        return credentials.map(c -> plain.withSetup(SSLEngineProviderSetup.create(_ -> new Engines(c)))).orElse(plain);
    }

    /** The same credentials for Akka. */
    private record Engines(Credentials credentials) implements SSLEngineProvider {
        @Override
        public SSLEngine createServerSSLEngine(String hostname, int port) {
            return engine(hostname, port, false);
        }

        @Override
        public SSLEngine createClientSSLEngine(String hostname, int port) {
            return engine(hostname, port, true);
        }

        private SSLEngine engine(String hostname, int port, boolean client) {
            SSLEngine engine = credentials.context().createSSLEngine(hostname, port);
            engine.setUseClientMode(client);
            engine.setSSLParameters(Credentials.parameters());
            return engine;
        }

        @Override
        public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
            return Option.empty();
        }

        @Override
        public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
            return Option.empty();
        }
    }

    private Config config(String role) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("akka.actor.provider", "cluster");
        settings.put("akka.actor.allow-java-serialization", "off");
        settings.put("akka.actor.serializers.einscale", ControlSerializer.class.getName());
        settings.put("akka.actor.serialization-bindings.\"" + Control.class.getName() + "\"", "einscale");
        settings.put("akka.cluster.roles", List.of(role));
        settings.put("akka.remote.artery.transport", credentials.isPresent() ? "tls-tcp" : "tcp");
        settings.put("akka.remote.artery.canonical.hostname", host);
        settings.put("akka.remote.artery.canonical.port", port);
        settings.put("akka.cluster.seed-nodes", seeds.stream().map(seed -> "akka://" + CLUSTER + "@" + seed).toList());
        settings.put("akka.cluster.downing-provider-class", "akka.cluster.sbr.SplitBrainResolverProvider");
        settings.put("akka.cluster.split-brain-resolver.active-strategy", "keep-majority");
        settings.put("akka.cluster.split-brain-resolver.stable-after", DOWN_SECONDS + "s");
        settings.put("akka.cluster.failure-detector.heartbeat-interval", "500ms");
        settings.put("akka.cluster.failure-detector.acceptable-heartbeat-pause", SILENCE_SECONDS + "s");
        settings.put("akka.cluster.jmx.enabled", "off");
        settings.put("akka.coordinated-shutdown.run-by-jvm-shutdown-hook", "off");
        settings.put("akka.coordinated-shutdown.exit-jvm", "off");
        // All may be told to end at the same time: then nobody is left to confirm it.
        settings.put("akka.coordinated-shutdown.phases.cluster-exiting.timeout", LEAVING_SECONDS + "s");
        settings.put("akka.daemonic", "on");
        settings.put("akka.loggers", List.of("akka.event.slf4j.Slf4jLogger"));
        settings.put("akka.logging-filter", SparingLog.class.getName());
        settings.put("akka.loglevel", "WARNING");
        settings.put("akka.stdout-loglevel", "OFF");
        int cores = Runtime.getRuntime().availableProcessors();
        settings.put("akka.actor.default-dispatcher.fork-join-executor.parallelism-min", cores);
        settings.put("akka.actor.default-dispatcher.fork-join-executor.parallelism-max", cores);
        settings.put("akka.actor.default-dispatcher.throughput", 64);
        return ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load());
    }
}
