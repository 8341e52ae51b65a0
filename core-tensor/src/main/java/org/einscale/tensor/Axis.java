package org.einscale.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A named dimension. The name is a Unicode letter followed by letters, digits and underscores; two axes with the same
 * name are the same axis. Axes sort by name.
 *
 * @throws IllegalArgumentException if the name does not have that form
 */
public record Axis(String name) implements Comparable<Axis> {
    public Axis {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("axis name is empty: expected a letter, then letters, digits and '_'");
        }
        int bad = firstBad(name);
        if (bad >= 0) {
            throw new IllegalArgumentException(
                    "axis name '" + name + "' has '" + Character.toString(name.codePointAt(bad))
                            + "' at position " + (bad + 1) + ": expected a letter, then letters, digits and '_'");
        }
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
        return other instanceof Axis that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(Axis other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
