package org.einscale.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named dimension. The name is a Unicode letter followed by letters, digits and underscores; two axes with the same
 * name are the same axis. Axes sort by name.
 *
 * <p>On a device of a mesh an axis may be a part of a whole one: {@code b/data} is what a device has of axis {@code b} when
 * that is split over the mesh axis {@code data}.
 *
 * @param base
 *            name of the whole axis
 * @param over
 *            mesh axes that the axis is split over, major to minor; none for a whole axis
 * @throws IllegalArgumentException if the name does not have that form
 */
public record Axis(String base, List<String> over) implements Comparable<Axis> {
    public Axis {
        over = List.copyOf(over);
        if (base.isEmpty()) {
            throw new IllegalArgumentException("axis name is empty: expected a letter, then letters, digits and '_'");
        }
        int bad = firstBad(base);
        if (bad >= 0) {
            throw new IllegalArgumentException(
                    "axis name '" + base + "' has '" + Character.toString(base.codePointAt(bad))
                            + "' at position " + (bad + 1) + ": expected a letter, then letters, digits and '_'");
        }
    }

    /** A whole axis. */
    public Axis(String name) {
        this(name, List.of());
    }

    /** What a person calls it: {@code b}, or {@code b/data+model} for a part. */
    public String name() {
        return over.isEmpty() ? base : base + "/" + String.join("+", over);
    }

    /** The axis that this one is a part of; itself if it is whole. */
    public Axis whole() {
        return over.isEmpty() ? this : new Axis(base);
    }

    /** What a device has of the whole axis when that is split over mesh axes. */
    public Axis over(List<String> mesh) {
        return over.equals(mesh) ? this : new Axis(base, mesh);
    }

    /** Index of the first character that may not stand where it stands, or -1. */
    private static int firstBad(String name) {
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int point = name.codePointAt(i);
            boolean inside = i > 0 && (Character.isDigit(point) || point == '_');
            if (!Character.isLetter(point) && !inside) {
                return i;
            }
        }
        return -1;
    }

    // Written out because those of a record are spun at run time: ten milliseconds of a program's start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Axis that && base.equals(that.base) && over.equals(that.over);
    }

    @Override
    public int hashCode() {
        return over.isEmpty() ? base.hashCode() : 31 * base.hashCode() + over.hashCode();
    }

    @Override
    public int compareTo(Axis other) {
        return name().compareTo(other.name());
    }

    @Override
    public String toString() {
        return name();
    }
}
