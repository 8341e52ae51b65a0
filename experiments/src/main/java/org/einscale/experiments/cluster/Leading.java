package org.einscale.experiments.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.wire.Credentials;
import org.jspecify.annotations.Nullable;

/** This process as the one that leads nodes, joined anew whenever it was cut off from them. */
public final class Leading implements AutoCloseable {
    private static final Duration JOINING = Duration.ofSeconds(30);

    private final String host;
    private final Set<String> seeds;
    private final Optional<Credentials> credentials;
    private @Nullable Leader leader;

    /**
     * @param host
     *            name or number of this machine by which nodes reach it
     * @param seeds
     *            nodes that are known, each {@code host:port}
     * @param credentials
     *            as of {@link Membership}
     */
    public Leading(String host, List<String> seeds, Optional<Credentials> credentials) {
        this.host = host;
        this.seeds = new LinkedHashSet<>(seeds);
        this.credentials = credentials;
    }

    /**
     * This process as a member of the cluster.
     *
     * @throws NodeLost
     *             if no node answers
     */
    public Leader leader() {
        Leader member = leader;
        if (member != null && !member.isCutOff()) {
            return member;
        }
        close();
        try {
            Leader joined = Leader.join(new Membership(host, 0, List.copyOf(seeds), credentials), JOINING);
            leader = joined;
            return joined;
        } catch (ShardingError | IOException nobody) {
            throw new NodeLost(String.valueOf(nobody.getMessage()));
        }
    }

    /** Nodes that can be reached, as far as this process knows without joining anew. */
    List<NodeInfo> nodes() {
        Leader member = leader;
        return member == null ? List.of() : member.nodes();
    }

    /** Nodes by which to join later. */
    public void remember(List<NodeInfo> nodes) {
        nodes.stream().map(NodeInfo::name).forEach(seeds::add);
    }

    @Override
    public void close() {
        Leader member = leader;
        leader = null;
        if (member != null) {
            member.close();
        }
    }
}
