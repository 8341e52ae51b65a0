package org.einscale.bench.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.Node;

/** A process with a device: says its name, and ends with its input. */
public final class OneNode {
    static final Duration LIMIT = Duration.ofSeconds(60);

    /** Begins the line that says its name. */
    static final String NAME = "node ";

    private OneNode() {
    }

    /** @param seeds nodes to join */
    public static void main(String[] seeds) throws IOException {
        try (Node node = Node.start(new Membership("127.0.0.1", 0, List.of(seeds), Optional.empty()), 1, "bench",
                Work::of, (recipe, material) -> {
                    throw new UnsupportedOperationException(recipe);
                }, LIMIT)) {
            System.out.println(NAME + node.name());
            while (System.in.read() >= 0) {
                continue;
            }
        }
    }
}
