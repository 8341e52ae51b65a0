package org.einscale.experiments.cluster;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.einscale.experiments.LoopbackServer;
import org.einscale.sharding.device.NodeInfo;

/** What a node has and does, as text in the format of Prometheus, for processes of this machine. */
public final class Metrics implements AutoCloseable {
    private final LoopbackServer server;

    /**
     * Answers {@code GET /metrics}.
     *
     * @param port
     *            0 for a free one
     * @throws IOException
     *             if the port cannot be used
     */
    public Metrics(int port, Supplier<NodeInfo> node) throws IOException {
        server = new LoopbackServer(port, Map.of("/metrics", new LoopbackServer.Page(
                "text/plain; version=0.0.4; charset=utf-8", () -> text(node.get()))));
    }

    /** Port on which it answers. */
    public int port() {
        return server.address().getPort();
    }

    static String text(NodeInfo node) {
        return line("einscale_cores", "gauge", "Devices that are computed for at the same time.", node.cores())
                + line("einscale_meshes", "gauge", "Meshes of which the node has devices.", node.devices().size())
                + line("einscale_received_bytes_total", "counter", "Bytes from other processes.", node.received())
                + line("einscale_sent_bytes_total", "counter", "Bytes to other processes.", node.sent());
    }

    private static String line(String name, String type, String help, long value) {
        return String.format(Locale.ROOT, "# HELP %1$s %3$s%n# TYPE %1$s %2$s%n%1$s %4$d%n", name, type, help, value)
                .replace("\r\n", "\n");
    }

    @Override
    public void close() {
        server.close();
    }
}
