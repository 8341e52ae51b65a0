package org.einscale.sharding.partition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;

/**
 * One way to share the work of an operation between devices.
 *
 * @param split
 *            mesh axes, major to minor, by the operation's name of the axis along which they share the work
 * @param passed
 *            operands, by position, that may stay addends along a mesh axis
 */
record Sharing(Map<Axis, List<String>> split, Map<String, Set<Integer>> passed) {

    static final Sharing NONE = new Sharing(Map.of(), Map.of());

    Sharing with(Axis name, List<String> meshAxes) {
        Map<Axis, List<String>> more = new LinkedHashMap<>(split);
        List<String> list = new ArrayList<>(more.getOrDefault(name, List.of()));
        list.addAll(meshAxes);
        more.put(name, list);
        return new Sharing(more, passed);
    }

    /** With no name split over these mesh axes. */
    Sharing without(List<String> meshAxes) {
        Map<Axis, List<String>> less = new LinkedHashMap<>();
        split.forEach((name, over) -> {
            List<String> rest = over.stream().filter(axis -> !meshAxes.contains(axis)).toList();
            if (!rest.isEmpty()) {
                less.put(name, rest);
            }
        });
        return new Sharing(less, passed);
    }

    Sharing passing(List<String> meshAxes, Set<Integer> operands) {
        Map<String, Set<Integer>> more = new LinkedHashMap<>(passed);
        meshAxes.forEach(axis -> more.put(axis, operands));
        return new Sharing(split, more);
    }

    List<String> over(Axis name) {
        return split.getOrDefault(name, List.of());
    }

    /** How the devices need an operand. */
    Sharding operand(Form form, int i) {
        SortedSet<String> partial = new TreeSet<>();
        passed.forEach((axis, operands) -> {
            if (operands.contains(i)) {
                partial.add(axis);
            }
        });
        return new Sharding(form.operands().get(i).stream().map(this::over).toList(), partial);
    }

    /** How they come to have the result, once extrema and products are combined. */
    Sharding result(Form form) {
        SortedSet<String> partial = new TreeSet<>(passed.keySet());
        split.forEach((name, over) -> {
            if (form.roles().get(name) instanceof Form.Role.Combined(Reduction reduction)
                    && reduction == Reduction.SUM) {
                partial.addAll(over);
            }
        });
        return new Sharding(form.output().stream().map(this::over).toList(), partial);
    }

    /** Mesh axes over which something else than a sum is unfinished, by what finishes it. */
    Map<Reduction, List<String>> combined(Form form, Mesh mesh) {
        Map<Reduction, List<String>> combined = new LinkedHashMap<>();
        split.forEach((name, over) -> {
            if (form.roles().get(name) instanceof Form.Role.Combined(Reduction reduction)
                    && reduction != Reduction.SUM) {
                combined.merge(reduction, over, (a, b) -> {
                    List<String> both = new ArrayList<>(a);
                    both.addAll(b);
                    return mesh.ordered(both);
                });
            }
        });
        return combined;
    }
}
