package org.einscale.experiments.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.einscale.experiments.UserError;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.device.Workshop;
import org.einscale.trainer.Meshes;
import org.einscale.trainer.PlannedStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that a training has its devices on. Whatever happens to them, the mesh stays as it is, and so do the numbers, to
 * the bit: on fewer nodes more devices share the cores.
 */
public final class Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
    private static final Duration PREPARING = Duration.ofSeconds(300);
    /** Nodes are known one after the other: so long without a new one are all. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private final Supplier<Leading> leading;
    private final OnLoss onLoss;
    private final Duration patience;
    private List<NodeInfo> used = List.of();
    private int cores;

    /**
     * @param leading
     *            this process as the one that leads them, asked for when devices are wanted
     * @param patience
     *            how long nodes are waited for that are to come
     */
    public Nodes(Supplier<Leading> leading, OnLoss onLoss, Duration patience) {
        this.leading = leading;
        this.onLoss = onLoss;
        this.patience = patience;
    }

    /** Where a training gets its devices from. */
    public Meshes meshes(Recipe recipe) {
        String text = recipe.text();
        return new Meshes() {
            @Override
            public DeviceMesh open(PlannedStep step) {
                return mesh(step, text);
            }

            @Override
            public boolean goesOnAfter(NodeLost lost) {
                return onLoss != OnLoss.STOP;
            }

            @Override
            public boolean changed() {
                return !used.isEmpty() && !names(leading.get().nodes()).equals(names(used));
            }
        };
    }

    private DeviceMesh mesh(PlannedStep step, String recipe) {
        long end = System.nanoTime() + patience.toNanos();
        Workshop.Work work = Recipe.work(step);
        while (true) {
            try {
                List<NodeInfo> nodes = enough(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
                List<NodeInfo> places = Placement.of(work.pipeline(), nodes);
                DeviceMesh mesh = leading.get().leader().mesh(work, recipe, places, PREPARING);
                used = nodes;
                cores = Math.max(cores, cores(nodes));
                LOG.info("{} devices on {}", places.size(), nodes.stream().map(NodeInfo::name).toList());
                return mesh;
            } catch (NodeLost lost) {
                if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                    throw lost;
                }
                LOG.warn("{}", lost.getMessage());
            }
        }
    }

    /** As many nodes as are wanted, or those that are there when no more come. */
    private List<NodeInfo> enough(Duration limit) {
        int wanted = onLoss == OnLoss.WAIT ? Math.max(1, cores) : 1;
        try {
            Leader leader = leading.get().leader();
            List<NodeInfo> nodes = leader.await(there -> cores(there) >= wanted, limit);
            if (leader.isCutOff()) {
                throw new NodeLost("this process was cut off from the nodes; joining them again");
            }
            if (cores(nodes) < wanted) {
                throw new NodeLost("no node was there within " + limit.toSeconds() + " s; expected " + wanted
                        + " cores, found " + cores(nodes));
            }
            while (true) {
                int known = nodes.size();
                List<NodeInfo> more = leading.get().leader().await(there -> there.size() != known, SETTLING);
                if (more.size() == known) {
                    leading.get().remember(more);
                    return more;
                }
                nodes = more;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeLost("waiting for nodes was interrupted");
        }
    }

    private static int cores(List<NodeInfo> nodes) {
        return nodes.stream().mapToInt(NodeInfo::cores).sum();
    }

    private static List<String> names(List<NodeInfo> nodes) {
        return nodes.stream().map(node -> node.address().toString()).sorted().toList();
    }

    /** The number of this machine on the way to a node. */
    public static String ownName(String node) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(HostPort.host(node), HostPort.port(node)));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException | UncheckedIOException unknown) {
            throw new UserError(node + ": there is no way to it: " + unknown.getMessage(), unknown);
        }
    }
}
