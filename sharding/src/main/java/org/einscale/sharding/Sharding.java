package org.einscale.sharding;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one tensor is split over a mesh.
 *
 * @param split
 *            for each axis of the tensor the mesh axes that it is split over, outermost first; empty where every device has
 *            all of it
 * @param partial
 *            mesh axes over which the devices hold addends of the tensor instead of the tensor
 */
public record Sharding(List<List<String>> split, Set<String> partial) {

    public Sharding {
        split = split.stream().map(List::copyOf).toList();
        partial = Set.copyOf(partial);
        Set<String> seen = new HashSet<>(partial);
        for (String axis : split.stream().flatMap(Collection::stream).toList()) {
            if (!seen.add(axis)) {
                throw new IllegalArgumentException("mesh axis '" + axis + "' splits a tensor twice in " + split
                        + ", partial over " + new TreeSet<>(partial));
            }
        }
    }

    /**
     * Sizes of the part that each device holds.
     *
     * @throws IllegalArgumentException
     *             if a size does not divide evenly
     */
    public int[] localSizes(int[] sizes, Mesh mesh) {
        int[] local = sizes.clone();
        for (int i = 0; i < sizes.length; i++) {
            int parts = mesh.devices(split.get(i));
            if (sizes[i] % parts != 0) {
                throw new IllegalArgumentException("axis " + i + " of size " + sizes[i]
                        + " does not split evenly over the " + parts + " devices of " + split.get(i));
            }
            local[i] = sizes[i] / parts;
        }
        return local;
    }

    /** Index of the first element that a device holds, along each axis. */
    public int[] start(int[] sizes, Mesh mesh, int device) {
        int[] local = localSizes(sizes, mesh);
        for (int i = 0; i < local.length; i++) {
            local[i] *= mesh.position(device, split.get(i));
        }
        return local;
    }
}
