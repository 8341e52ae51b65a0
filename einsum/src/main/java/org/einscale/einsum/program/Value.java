package org.einscale.einsum.program;

import java.util.List;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;

/**
 * A tensor of a {@link Program}: named axes in storage order, no sizes.
 *
 * @param id
 *            position in its program; two values of one program are the same exactly if their ids are
 * @param name
 *            what a person called it, for messages and reports; not unique
 * @param axes
 *            distinct axes, outermost first; empty for a scalar
 */
public record Value(int id, String name, List<Axis> axes) {

    public Value {
        axes = List.copyOf(axes);
        if (axes.stream().distinct().count() != axes.size()) {
            throw new ProgramError("value '" + name + "' has axis " + repeated(axes) + " twice in " + text(axes)
                    + "; name the second one differently");
        }
    }

    private static String repeated(List<Axis> axes) {
        return axes.stream().filter(a -> axes.indexOf(a) != axes.lastIndexOf(a)).findFirst().orElseThrow().name();
    }

    /** Axes as a person writes them: {@code [b l d]}. */
    public static String text(List<Axis> axes) {
        return axes.stream().map(Axis::name).collect(Collectors.joining(" ", "[", "]"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Value value && value.id == id;
    }

    @Override
    public int hashCode() {
        return id;
    }

    /** What a program's text calls the value: its name, made unique. */
    public String reference() {
        return name + "#" + id;
    }

    @Override
    public String toString() {
        return reference() + text(axes);
    }
}
