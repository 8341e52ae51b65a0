package org.einscale.sharding.partition;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.sharding.Block;
import org.einscale.sharding.Mesh;

/** How many elements devices send one another when a value that is split in one way is to be split in another. */
final class Traffic {
    /** So many devices stand for all of more. */
    private static final int MANY = 64;

    /** From one of these to the next: prime, so that they differ along all mesh axes. */
    private static final int STRIDE = 9973;

    private record Key(List<List<String>> from, List<List<String>> to, List<Integer> sizes) {}

    /** Devices in the order of their position along some mesh axes, as distances from the first. */
    private record Group(int[] position, int[] distance) {}

    private final Mesh mesh;
    private final Map<List<String>, Group> groups = new HashMap<>();
    private final Map<Key, Double> sent = new HashMap<>();
    private final Map<Key, Double> lacked = new HashMap<>();

    Traffic(Mesh mesh) {
        this.mesh = mesh;
    }

    /**
     * What the busiest device sends if each gets from others just what it lacks.
     *
     * @param over
     *            mesh axes along which devices send one another something
     */
    double sent(List<List<String>> from, List<List<String>> to, List<String> over, List<Integer> sizes) {
        return sent.computeIfAbsent(new Key(from, to, sizes), _ -> {
            Extents have = new Extents(from, sizes);
            Extents want = new Extents(to, sizes);
            Group group = group(over);
            double most = 0;
            for (int sender : sample(Stream.concat(over.stream(), involved(from, to)).toList())) {
                int first = sender - group.distance[group.position[sender]];
                double sends = 0;
                for (int distance : group.distance) {
                    if (first + distance != sender) {
                        sends += have.common(sender, want, first + distance);
                    }
                }
                most = Math.max(most, sends);
            }
            return most;
        });
    }

    /** What devices lack on average, which is the least that the busiest of them sends, whatever the way. */
    double lacked(List<List<String>> from, List<List<String>> to, List<Integer> sizes) {
        return lacked.computeIfAbsent(new Key(from, to, sizes), _ -> {
            Extents have = new Extents(from, sizes);
            Extents want = new Extents(to, sizes);
            return IntStream.of(sample(involved(from, to).toList()))
                    .mapToDouble(device -> want.common(device, want, device) - have.common(device, want, device))
                    .average().orElse(0);
        });
    }

    private static Stream<String> involved(List<List<String>> from, List<List<String>> to) {
        return Stream.of(from, to).flatMap(List::stream).flatMap(List::stream);
    }

    /** Devices that differ along some mesh axes: all of a few, or some of many. */
    private int[] sample(List<String> along) {
        Set<String> axes = new LinkedHashSet<>(along);
        int[] devices = group(mesh.ordered(axes)).distance;
        return devices.length <= MANY
                ? devices
                : IntStream.range(0, MANY).map(i -> devices[(int) ((long) i * STRIDE % devices.length)]).toArray();
    }

    private Group group(List<String> along) {
        return groups.computeIfAbsent(along,
                _ -> new Group(IntStream.range(0, mesh.devices()).map(d -> mesh.position(d, along)).toArray(),
                        mesh.group(0, along).stream().mapToInt(Integer::intValue).toArray()));
    }

    /** Which elements each device has along every axis of a value. */
    private final class Extents {
        private final int[][] position;
        private final int[][] start;

        Extents(List<List<String>> split, List<Integer> sizes) {
            position = split.stream().map(over -> group(over).position).toArray(int[][]::new);
            start = IntStream.range(0, split.size()).mapToObj(i -> {
                int parts = mesh.devices(split.get(i));
                return IntStream.rangeClosed(0, parts).map(p -> Block.start(sizes.get(i), parts, p)).toArray();
            }).toArray(int[][]::new);
        }

        /** Elements that one device has here and another has there. */
        double common(int device, Extents there, int other) {
            double common = 1;
            for (int i = 0; i < start.length && common > 0; i++) {
                int here = position[i][device];
                int at = there.position[i][other];
                common *= Math.max(0, Math.min(start[i][here + 1], there.start[i][at + 1])
                        - Math.max(start[i][here], there.start[i][at]));
            }
            return common;
        }
    }
}
