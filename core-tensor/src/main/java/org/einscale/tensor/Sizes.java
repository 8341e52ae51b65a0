package org.einscale.tensor;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The size of each axis, in elements. Immutable; iterates by axis name, so that nothing depends on the order in which
 * sizes were given.
 */
public final class Sizes {
    private final SortedMap<Axis, Integer> sizes;
    private final SortedMap<Axis, Integer> starts;

    private Sizes(SortedMap<Axis, Integer> sizes, SortedMap<Axis, Integer> starts) {
        this.sizes = Collections.unmodifiableSortedMap(sizes);
        this.starts = Collections.unmodifiableSortedMap(starts);
    }

    /**
     * Sizes by axis name.
     *
     * @throws IllegalArgumentException if a name is not an axis name or a size is negative
     */
    public static Sizes of(Map<String, Integer> sizes) {
        SortedMap<Axis, Integer> sorted = new TreeMap<>();
        sizes.forEach((name, size) -> sorted.put(new Axis(name), checked(name, size)));
        return new Sizes(sorted, new TreeMap<>());
    }

    /**
     * The size of an axis.
     *
     * @throws IllegalArgumentException if it has none, naming the nearest axis that has
     */
    public int of(Axis axis) {
        Integer size = sizes.get(axis);
        if (size == null) {
            throw new IllegalArgumentException(unknown(axis));
        }
        return size;
    }

    /** These sizes with one added or replaced. */
    public Sizes with(Axis axis, int size) {
        SortedMap<Axis, Integer> more = new TreeMap<>(sizes);
        more.put(axis, checked(axis.name(), size));
        return new Sizes(more, starts);
    }

    /** These sizes with that of a part of a whole axis, which begins at a position of that. */
    public Sizes with(Axis axis, int size, int start) {
        SortedMap<Axis, Integer> more = new TreeMap<>(starts);
        more.put(axis, checked("start of axis", axis.name(), start));
        return new Sizes(with(axis, size).sizes, more);
    }

    /** Position along the {@linkplain Axis#whole whole} axis at which an axis begins: 0 unless it was told. */
    public int start(Axis axis) {
        return starts.getOrDefault(axis, 0);
    }

    /** Whether the axis has a size. */
    public boolean has(Axis axis) {
        return sizes.containsKey(axis);
    }

    /**
     * Number of elements spanned by the axes: the product of their sizes, 1 for none.
     *
     * @throws IllegalArgumentException if an axis has no size
     * @throws ArithmeticException if the product exceeds a long
     */
    public long volume(Collection<Axis> axes) {
        if (axes.stream().anyMatch(axis -> of(axis) == 0)) {
            return 0;
        }
        return axes.stream().mapToLong(this::of).reduce(1, Math::multiplyExact);
    }

    /**
     * As {@link #volume}, in floating point, which has no end: for counts of what is done rather than of what is stored.
     *
     * @throws IllegalArgumentException if an axis has no size
     */
    public double points(Collection<Axis> axes) {
        return axes.stream().mapToDouble(this::of).reduce(1, (x, y) -> x * y);
    }

    /** The axes that have a size, by name. */
    public Set<Axis> axes() {
        return sizes.keySet();
    }

    private static int checked(String name, int size) {
        return checked("size of axis", name, size);
    }

    private static int checked(String what, String name, int number) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " '" + name + "' is " + number + ": expected 0 or more");
        }
        return number;
    }

    private String unknown(Axis axis) {
        var names = sizes.keySet().stream().map(Axis::name).toList();
        String hint = Nearest.to(axis.name(), names).map(near -> ", did you mean '" + near + "'?").orElse("");
        return "axis '" + axis + "' has no size; known axes: " + (names.isEmpty() ? "none" : String.join(", ", names))
                + hint;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sizes that && sizes.equals(that.sizes) && starts.equals(that.starts);
    }

    @Override
    public int hashCode() {
        return 31 * sizes.hashCode() + starts.hashCode();
    }

    /** Like {@code b=8 l=128}; a part that begins at 4 is {@code b/data=4@4}. */
    @Override
    public String toString() {
        return sizes.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue()
                        + (starts.containsKey(e.getKey()) ? "@" + start(e.getKey()) : ""))
                .collect(Collectors.joining(" "));
    }
}
