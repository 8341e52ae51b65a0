package org.einscale.sharding;

import java.util.HashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.tensor.Axis;

/**
 * Over which mesh axes an axis of the einsum strings is split, wherever it occurs: the only annotation a sharded model
 * needs.
 */
public record AxisRules(Mesh mesh, SortedMap<Axis, List<String>> rules) {

    public AxisRules {
        rules = Collections.unmodifiableSortedMap(new TreeMap<>(rules));
        rules.values().forEach(mesh::devices);
    }

    /**
     * Reads {@code b=data, h=model, f=model}; several mesh axes are joined by +, as in {@code b=data+model}.
     *
     * @throws IllegalArgumentException
     *             if the text has another form or names an axis that the mesh lacks
     */
    public static AxisRules of(Mesh mesh, String text) {
        SortedMap<Axis, List<String>> rules = new TreeMap<>();
        for (String item : text.isBlank() ? new String[0] : text.split(",")) {
            String[] parts = item.strip().split("\\s*=\\s*");
            if (parts.length != 2) {
                throw new IllegalArgumentException(
                        "rules \"" + text + "\": found '" + item.strip() + "'; expected AXIS=MESH_AXIS, as in h=model");
            }
            if (rules.put(new Axis(parts[0]), Arrays.asList(parts[1].split("\\s*\\+\\s*"))) != null) {
                throw new IllegalArgumentException("rules \"" + text + "\": axis '" + parts[0] + "' stands twice");
            }
        }
        return new AxisRules(mesh, rules);
    }

    /** Sharding of a tensor with these axes. A mesh axis serves the first of them that asks for it. */
    public Sharding of(List<Axis> axes) {
        List<List<String>> split = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Axis axis : axes) {
            split.add(rules.getOrDefault(axis, List.of()).stream().filter(used::add).toList());
        }
        return new Sharding(split, Set.of());
    }
}
