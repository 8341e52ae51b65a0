package org.einscale.sharding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mesh some of whose axes are cut into factors, which then can be used one by one. {@code x:(p)s} is the factor of size s of
 * axis x that has p parts of x in front of it (the notation of Shardy): an axis x of 8 devices is {@code x:(1)2} and, inside
 * it, {@code x:(2)4}.
 *
 * @param mesh
 *            the mesh of all factors
 * @param factors
 *            of each axis of the original mesh, major to minor
 */
public record SubAxes(Mesh mesh, Map<String, List<String>> factors) {
    private static final Pattern FACTOR = Pattern.compile("(.+):\\(([1-9]\\d{0,3})\\)([1-9]\\d{0,3})");

    public SubAxes {
        factors = Collections.unmodifiableMap(new LinkedHashMap<>(factors));
    }

    /**
     * Cuts a mesh so that all that is mentioned, axes and factors, can be said.
     *
     * @throws ShardingError
     *             if a factor does not divide its axis, or two factors of an axis cannot be told apart
     */
    public static SubAxes of(Mesh mesh, Collection<String> mentioned) {
        Map<String, SortedSet<Integer>> cuts = new TreeMap<>();
        mesh.axes().forEach((axis, size) -> cuts.put(axis, new TreeSet<>(List.of(1, size))));
        for (String name : mentioned) {
            Matcher factor = FACTOR.matcher(name);
            if (factor.matches()) {
                int size = mesh.size(factor.group(1));
                int before = Integer.parseInt(factor.group(2));
                int end = before * Integer.parseInt(factor.group(3));
                if (size % end != 0) {
                    throw new ShardingError(
                            "'" + name + "' is no factor of mesh axis '" + factor.group(1) + "' of size "
                                    + size + "; expected parts in front, times its size, to divide " + size);
                }
                cuts.computeIfAbsent(factor.group(1), _ -> new TreeSet<>()).addAll(List.of(before, end));
            } else {
                mesh.size(name);
            }
        }
        SequencedMap<String, Integer> axes = new LinkedHashMap<>();
        Map<String, List<String>> factors = new LinkedHashMap<>();
        for (String axis : mesh.axes().keySet()) {
            List<Integer> at = List.copyOf(cuts.getOrDefault(axis, new TreeSet<>()));
            List<String> names = new ArrayList<>();
            for (int i = 1; i < Math.max(2, at.size()); i++) {
                int size = at.size() == 1 ? 1 : factor(axis, at.get(i - 1), at.get(i));
                String name = at.size() <= 2 ? axis : axis + ":(" + at.get(i - 1) + ")" + size;
                axes.put(name, size);
                names.add(name);
            }
            factors.put(axis, names);
        }
        return new SubAxes(new Mesh(axes), factors);
    }

    private static int factor(String axis, int before, int end) {
        if (end % before != 0) {
            throw new ShardingError("factors of mesh axis '" + axis + "' begin or end behind " + before + " and " + end
                    + " parts; expected one of these numbers to divide the other");
        }
        return end / before;
    }

    /** Axes and factors of the original mesh as axes of this one. */
    public List<String> expand(List<String> names) {
        List<String> expanded = new ArrayList<>();
        for (String name : names) {
            Matcher factor = FACTOR.matcher(name);
            if (!factor.matches()) {
                expanded.addAll(factors.getOrDefault(name, List.of(name)));
                continue;
            }
            int start = Integer.parseInt(factor.group(2));
            int end = start * Integer.parseInt(factor.group(3));
            int before = 1;
            for (String piece : factors.getOrDefault(factor.group(1), List.of())) {
                if (before >= start && before < end) {
                    expanded.add(piece);
                }
                before *= mesh.size(piece);
            }
        }
        return expanded;
    }

    /** The inverse: factors that stand side by side as the axis or the factor that they are together. */
    public List<String> joined(List<String> names) {
        List<String> joined = new ArrayList<>();
        for (int i = 0; i < names.size();) {
            String axis = axisOf(names.get(i));
            List<String> pieces = factors.getOrDefault(axis, List.of());
            int first = pieces.indexOf(names.get(i));
            int count = 1;
            while (i + count < names.size() && first + count < pieces.size()
                    && names.get(i + count).equals(pieces.get(first + count))) {
                count++;
            }
            joined.add(count == pieces.size()
                    ? axis
                    : axis + ":(" + mesh.devices(pieces.subList(0, first)) + ")"
                            + mesh.devices(pieces.subList(first, first + count)));
            i += count;
        }
        return joined;
    }

    private String axisOf(String piece) {
        return factors.entrySet().stream().filter(entry -> entry.getValue().contains(piece)).map(Map.Entry::getKey)
                .findFirst().orElse(piece);
    }
}
