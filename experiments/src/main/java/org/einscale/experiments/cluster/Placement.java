package org.einscale.experiments.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Operation;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;

/** Which device is on which node: those that send one another most are on one, and each node has its share by its cores. */
final class Placement {
    private Placement() {
    }

    /**
     * The node of each device.
     *
     * @param nodes
     *            at least one
     */
    static List<NodeInfo> of(Pipeline pipeline, List<NodeInfo> nodes) {
        Mesh mesh = pipeline.mesh();
        // The axes with most traffic are innermost, so that devices along them are neighbours.
        List<String> axes = mesh.axes().keySet().stream()
                .sorted(Comparator.comparingDouble(axis -> traffic(pipeline, axis))).toList();
        List<NodeInfo> slots = nodes.stream().flatMap(node -> Collections.nCopies(node.cores(), node).stream())
                .toList();
        return IntStream.range(0, mesh.devices())
                .mapToObj(d -> slots.get((int) ((long) mesh.position(d, axes) * slots.size() / mesh.devices())))
                .toList();
    }

    /** Bytes that devices send one another in collectives along a mesh axis, or through the links of stages along it. */
    private static double traffic(Pipeline pipeline, String axis) {
        double collectives = 0;
        for (Partition stage : pipeline.stages()) {
            collectives += stage.collectives().stream()
                    .filter(c -> ((Operation.Collective) c.operation()).over().contains(axis))
                    .mapToDouble(stage::bytes).sum();
        }
        return pipeline.over().filter(axis::equals).isPresent()
                ? collectives + Float.BYTES * (double) pipeline.links().stream().mapToLong(pipeline::sent).sum()
                : collectives;
    }
}
