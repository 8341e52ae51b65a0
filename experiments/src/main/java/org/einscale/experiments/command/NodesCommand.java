package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.cluster.HostPort;
import org.einscale.experiments.cluster.Nodes;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.tensor.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale nodes}: lists the nodes of a cluster. */
@Command(name = "nodes", description = "List the nodes of a cluster: cores, devices, and what they have sent one another.", footer = "  einscale nodes 127.0.0.1:25520")
public final class NodesCommand implements Callable<Integer> {
    private static final Duration JOINING = Duration.ofSeconds(20);
    private static final Duration KNOWING = Duration.ofSeconds(3);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "HOST:PORT", description = "One of them.")
    private List<String> seeds = new ArrayList<>();

    @Mixin
    private SecretOption secret = new SecretOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        seeds.forEach(HostPort::require);
        try (Leader leader = Leader.join(
                new Membership(Nodes.ownName(seeds.getFirst()), 0, seeds, secret.credentials()),
                JOINING)) {
            List<NodeInfo> nodes = leader.await(_ -> false, KNOWING);
            if (nodes.isEmpty()) {
                throw new RunFailed("no node answered within " + KNOWING.toSeconds() + " s");
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf(Locale.ROOT, "%-24s %5s  %-10s %12s %12s  %s%n", "node", "cores", "version", "sent", "received",
                    "devices");
            nodes.forEach(node -> out.printf(Locale.ROOT, "%-24s %5d  %-10s %12s %12s  %s%n", node.name(), node.cores(),
                    node.version(), Quantity.bytes(node.sent()), Quantity.bytes(node.received()),
                    node.devices().isEmpty() ? "none" : String.join("; ", node.devices())));
            out.flush();
            return 0;
        }
    }
}
