package org.einscale.sharding;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;

/**
 * How one tensor is split over a mesh.
 *
 * @param split
 *            for each axis of the tensor the mesh axes that it is split over, major to minor; empty where every device has
 *            all of it
 * @param partial
 *            mesh axes over which the devices hold addends of the tensor instead of the tensor
 */
public record Sharding(List<List<String>> split, SortedSet<String> partial) {

    public Sharding {
        split = split.stream().map(List::copyOf).toList();
        partial = Collections.unmodifiableSortedSet(new TreeSet<>(partial));
        Set<String> seen = new HashSet<>(partial);
        for (String axis : split.stream().flatMap(Collection::stream).toList()) {
            if (!seen.add(axis)) {
                throw new IllegalArgumentException(
                        "mesh axis '" + axis + "' is used twice in " + text(split, partial)
                                + "; a mesh axis splits at most one axis of a tensor");
            }
        }
    }

    /** Split, and no unfinished sum. */
    public Sharding(List<List<String>> split) {
        this(split, Collections.emptySortedSet());
    }

    /** Every device has all of a tensor of so many axes. */
    public static Sharding whole(int rank) {
        return new Sharding(Collections.nCopies(rank, List.of()));
    }

    /** The same addends summed. */
    public Sharding summed() {
        return new Sharding(split);
    }

    public Sharding with(Collection<String> partial) {
        return new Sharding(split, new TreeSet<>(partial));
    }

    /** With an axis of the tensor split over some more mesh axes, in the innermost place. */
    public Sharding with(int axis, List<String> more) {
        List<List<String>> result = new ArrayList<>(split);
        List<String> list = new ArrayList<>(split.get(axis));
        list.addAll(more);
        result.set(axis, list);
        return new Sharding(result, partial);
    }

    /** Mesh axes that split an axis of the tensor. */
    public Set<String> splitOver() {
        return split.stream().flatMap(Collection::stream).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Whether a device has a part, and not all, of what it has in another sharding. */
    public boolean isPartOf(Sharding other) {
        return !equals(other) && partial.equals(other.partial) && IntStream.range(0, split.size()).allMatch(
                i -> Collections.indexOfSubList(split.get(i), other.split.get(i)) == 0);
    }

    /** Axes of what one device has, from those of the whole tensor. */
    public List<Axis> local(List<Axis> axes) {
        List<Axis> local = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            local.add(axes.get(i).over(split.get(i)));
        }
        return local;
    }

    /** What one device has of a tensor with these axes: {@code [b/data d] sum over model}. */
    public String text(List<Axis> axes) {
        return Value.text(local(axes)) + (partial.isEmpty() ? "" : " sum over " + String.join("+", partial));
    }

    /** Devices that share the elements of the tensor between them. */
    public int parts(Mesh mesh) {
        return mesh.devices(splitOver());
    }

    private static String text(List<List<String>> split, Set<String> partial) {
        return split.stream().map(list -> list.isEmpty() ? "*" : String.join("+", list))
                .collect(Collectors.joining(" ", "[", "]"))
                + (partial.isEmpty() ? "" : " sum over " + String.join("+", partial));
    }

    /** {@code [data * model]}, with a star for an axis that is whole; {@code [* *] sum over model} for addends. */
    @Override
    public String toString() {
        return text(split, partial);
    }
}
