package org.einscale.sharding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.einscale.tensor.Nearest;

/**
 * Devices on a grid with named axes: device number {@code (i0 * size1 + i1) * size2 + ...} stands at (i0, i1, i2, ...).
 *
 * @param axes
 *            size of each axis, outermost first; none for a single device
 */
public record Mesh(SequencedMap<String, Integer> axes) {

    public Mesh {
        axes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(axes));
        axes.forEach((name, size) -> {
            if (size < 1) {
                throw new IllegalArgumentException(
                        "mesh axis '" + name + "' has size " + size + "; expected at least 1");
            }
        });
    }

    /**
     * Reads {@code data=2, model=4}; the empty string is a single device.
     *
     * @throws IllegalArgumentException
     *             if the text has another form or names an axis twice
     */
    public static Mesh of(String text) {
        SequencedMap<String, Integer> axes = new LinkedHashMap<>();
        for (String item : text.isBlank() ? new String[0] : text.split(",")) {
            String[] parts = item.strip().split("\\s*=\\s*");
            if (parts.length != 2 || !parts[0].matches("\\p{L}[\\p{L}\\p{N}_]*") || !parts[1].matches("\\d{1,9}")) {
                throw new IllegalArgumentException(
                        "mesh \"" + text + "\": found '" + item.strip() + "'; expected NAME=SIZE, as in data=2");
            }
            if (axes.put(parts[0], Integer.valueOf(parts[1])) != null) {
                throw new IllegalArgumentException("mesh \"" + text + "\": axis '" + parts[0] + "' stands twice");
            }
        }
        return new Mesh(axes);
    }

    /** The devices that have one position along an axis. */
    public Mesh without(String axis) {
        SequencedMap<String, Integer> others = new LinkedHashMap<>(axes);
        others.remove(axis);
        return new Mesh(others);
    }

    /** Number of devices. */
    public int devices() {
        return devices(axes.keySet());
    }

    /** Number of devices along some axes together. */
    public int devices(Collection<String> along) {
        return along.stream().mapToInt(axis -> size(axis, along)).reduce(1, Math::multiplyExact);
    }

    /**
     * Devices along an axis.
     *
     * @throws IllegalArgumentException
     *             if the mesh has no such axis
     */
    public int size(String axis) {
        return size(axis, List.of());
    }

    private int size(String axis, Collection<String> beside) {
        Integer size = axes.get(axis);
        if (size == null) {
            throw new IllegalArgumentException("the mesh has no axis '" + axis + "'; it has " + axes.keySet()
                    + Nearest.to(axis, axes.keySet(), near -> !beside.contains(near))
                            .map(n -> "; did you mean '" + n + "'?").orElse(""));
        }
        return size;
    }

    /** Position of a device along some axes together, the first of them outermost. */
    public int position(int device, List<String> along) {
        int position = 0;
        for (String axis : along) {
            position = position * size(axis) + coordinate(device, axis);
        }
        return position;
    }

    /** Position of a device along one axis. */
    public int coordinate(int device, String axis) {
        return device / stride(axis) % size(axis);
    }

    /** Devices from one to the next along an axis. */
    private int stride(String axis) {
        int stride = 1;
        boolean inside = false;
        for (var each : axes.entrySet()) {
            stride *= inside ? each.getValue() : 1;
            inside |= each.getKey().equals(axis);
        }
        return stride;
    }

    /** Devices that differ from one in nothing but their position along some axes, in the order of that. */
    public List<Integer> group(int device, List<String> along) {
        int corner = device;
        for (String axis : along) {
            corner -= coordinate(device, axis) * stride(axis);
        }
        List<Integer> group = List.of(corner);
        for (String axis : along) {
            List<Integer> more = new ArrayList<>();
            for (int member : group) {
                for (int i = 0; i < size(axis); i++) {
                    more.add(member + i * stride(axis));
                }
            }
            group = more;
        }
        return group;
    }

    /** Some axes in the order of the mesh. */
    public List<String> ordered(Collection<String> some) {
        return axes.keySet().stream().filter(some::contains).toList();
    }
}
