package org.einscale.sharding;

import java.util.List;

/**
 * That an axis, wherever it occurs in some values, is split over axes of the mesh.
 *
 * @param scope
 *            the values
 * @param axis
 *            name of the axis; {@value #ANY} for the largest, of those that can be split evenly if there are any
 * @param over
 *            mesh axes, major to minor
 */
public record Rule(Scope scope, String axis, List<String> over) {
    /** In the place of an axis. */
    public static final String ANY = "*";

    /** Which values of a program a rule is about. */
    public sealed interface Scope {
        /** All values. */
        record All() implements Scope {}

        /** States that are trained. */
        record Parameters() implements Scope {}

        /** States that an optimizer keeps. */
        record OptimizerStates() implements Scope {}

        /** Values with one name. */
        record Named(String name) implements Scope {}
    }

    /** In the place of an axis: the layers of a model, each of which one stage runs. */
    public static final String LAYERS = "layers";

    /** Whether the rule deals out the layers of a model, instead of splitting an axis. */
    public boolean cutsLayers() {
        return axis.equals(LAYERS) && scope instanceof Scope.All;
    }

    public Rule {
        over = List.copyOf(over);
    }

    /** About all values. */
    public Rule(String axis, List<String> over) {
        this(new Scope.All(), axis, over);
    }

    /** As it is written: {@code parameters.d=data}. */
    @Override
    public String toString() {
        String values = switch (scope) {
            case Scope.All _ -> "";
            case Scope.Parameters _ -> "parameters.";
            case Scope.OptimizerStates _ -> "optimizer.";
            case Scope.Named(String name) -> name + ".";
        };
        return values + axis + "=" + String.join("+", over);
    }
}
