package org.einscale.sharding.device;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a process takes part in a cluster.
 *
 * @param host
 *            name or number of this machine by which others reach it
 * @param port
 *            0 for a free one
 * @param seeds
 *            processes to join, each {@code host:port}; none to begin a cluster
 */
public record Membership(String host, int port, List<String> seeds) {
    static final String CLUSTER = "einscale";
    /** A process that is not heard of for so long is taken for lost. */
    public static final int SILENCE_SECONDS = 6;
    private static final int DOWN_SECONDS = 4;
    private static final int LEAVING_SECONDS = 2;

    public Membership {
        seeds = List.copyOf(seeds);
    }

    /** Akka's settings for that. */
    Config config() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("akka.actor.provider", "cluster");
        settings.put("akka.actor.allow-java-serialization", "off");
        settings.put("akka.actor.serializers.einscale", ControlSerializer.class.getName());
        settings.put("akka.actor.serialization-bindings.\"" + Control.class.getName() + "\"", "einscale");
        settings.put("akka.remote.artery.transport", "tcp");
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
        settings.put("akka.logging-filter", "akka.event.slf4j.Slf4jLoggingFilter");
        settings.put("akka.loglevel", "WARNING");
        settings.put("akka.stdout-loglevel", "OFF");
        int cores = Runtime.getRuntime().availableProcessors();
        settings.put("akka.actor.default-dispatcher.fork-join-executor.parallelism-min", cores);
        settings.put("akka.actor.default-dispatcher.fork-join-executor.parallelism-max", cores);
        settings.put("akka.actor.default-dispatcher.throughput", 64);
        return ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load());
    }
}
