package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.cluster.HostPort;
import org.einscale.experiments.cluster.Nodes;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.wire.Address;
import org.einscale.tensor.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale nodes}: lists the nodes of a cluster. */
@Command(name = "nodes", description = "List the nodes of a cluster: cores, devices, and what they send one another, in all and in this second.", footer = "  einscale nodes 127.0.0.1:25520")
public final class NodesCommand implements Callable<Integer> {
    private static final Duration JOINING = Duration.ofSeconds(20);
    private static final Duration KNOWING = Duration.ofSeconds(3);
    private static final Duration ANSWERING = Duration.ofSeconds(1);
    private static final Duration MEASURED = Duration.ofSeconds(1);
    private static final String ROW = "%-24s %5s  %-10s %12s %12s %12s %12s  %s%n";

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
            if (leader.await(_ -> false, KNOWING).isEmpty()) {
                throw new RunFailed("no node answered within " + KNOWING.toSeconds() + " s");
            }
            Map<Address, NodeInfo> before = leader.asked(ANSWERING).stream()
                    .collect(Collectors.toMap(NodeInfo::address, Function.identity()));
            long start = System.nanoTime();
            Thread.sleep(MEASURED);
            List<NodeInfo> nodes = leader.asked(ANSWERING);
            print(nodes, before, (System.nanoTime() - start) * 1e-9);
            return 0;
        }
    }

    private void print(List<NodeInfo> nodes, Map<Address, NodeInfo> before, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, ROW, "node", "cores", "version", "sent", "a second", "received", "a second", "devices");
        for (NodeInfo node : nodes) {
            NodeInfo first = before.getOrDefault(node.address(), node);
            out.printf(Locale.ROOT, ROW, node.name(), node.cores(), node.version(), Quantity.bytes(node.sent()),
                    Quantity.bytes((node.sent() - first.sent()) / seconds), Quantity.bytes(node.received()),
                    Quantity.bytes((node.received() - first.received()) / seconds),
                    node.devices().isEmpty() ? "none" : String.join("; ", node.devices()));
        }
        out.flush();
    }
}
