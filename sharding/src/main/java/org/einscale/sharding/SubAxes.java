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

    /** The factors that the axes of a mesh say to be. */
    public static SubAxes in(Mesh mesh) {
        Map<String, List<String>> factors = new LinkedHashMap<>();
        mesh.axes().keySet().forEach(name -> {
            Matcher factor = FACTOR.matcher(name);
            factors.computeIfAbsent(factor.matches() ? factor.group(1) : name, _ -> new ArrayList<>()).add(name);
        });
        return new SubAxes(mesh, factors);
    }

    /** All factors cut into primes, of each the smallest outermost or the largest. */
    public SubAxes primes(boolean smallestFirst) {
        SequencedMap<String, Integer> axes = new LinkedHashMap<>();
        Map<String, List<String>> finer = new LinkedHashMap<>();
        factors.forEach((axis, pieces) -> {
            List<Integer> sizes = pieces.stream().flatMap(piece -> {
                List<Integer> primes = primes(mesh.size(piece));
                return (smallestFirst ? primes : primes.reversed()).stream();
            }).toList();
            List<String> names = new ArrayList<>();
            int before = 1;
            for (int size : sizes) {
                String name = sizes.size() == 1 ? axis : axis + ":(" + before + ")" + size;
                axes.put(name, size);
                names.add(name);
                before *= size;
            }
            finer.put(axis, names);
        });
        return new SubAxes(new Mesh(axes), finer);
    }

    /** At least one number. */
    private static List<Integer> primes(int size) {
        List<Integer> primes = new ArrayList<>();
        int rest = size;
        for (int prime = 2; rest > 1; prime++) {
            for (; rest % prime == 0; rest /= prime) {
                primes.add(prime);
            }
        }
        return primes.isEmpty() ? List.of(1) : primes;
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
