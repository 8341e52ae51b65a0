package org.einscale.trainer.layer;

import java.util.List;
import java.util.Optional;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/**
 * A parameter as a layer declares it: its axes, and how it starts.
 *
 * @param axes in storage order
 * @param initialiser empty for the default, which depends on use: a matrix that an einsum reads starts normal with
 *        standard deviation 1 / sqrt(fan-in), where the fan-in is the number of elements that the einsum sums over (He et
 *        al. 2015 without the gain); a table that {@code take} reads starts normal with 0.02
 * @param residual whether the start is divided by the square root of the model's number of residual additions, as for
 *        the last matrix of a residual branch (Radford et al. 2019)
 * @param embedding whether it counts as an embedding parameter
 */
public record Declaration(List<Axis> axes, Optional<Initialiser> initialiser, boolean residual, boolean embedding) {
    private static final List<String> KEYS = List.of("axes", "init", "std", "scale", "embedding");
    private static final List<String> STARTS = List.of("fan_in", "normal", "zeros", "ones");
    private static final double STD = 0.02;

    public Declaration {
        axes = List.copyOf(axes);
    }

    /** A parameter that starts by default. */
    public static Declaration of(String axes) {
        return new Declaration(ProgramBuilder.axes(axes), Optional.empty(), false, false);
    }

    /**
     * Reads {@code "d f"} or <code>{ axes = "d f", init = normal, std = 0.02, scale = residual, embedding = true }</code>.
     *
     * @throws SettingError if a key or value is not one of those
     */
    static Declaration of(Section parameters, String name) {
        return switch (parameters.value(name).valueType()) {
            case STRING -> parameters.reading(name, () -> of(parameters.text(name)));
            case OBJECT -> of(parameters.section(name));
            default -> throw SettingError.wrong(parameters.value(name), parameters.pathOf(name),
                    "axes such as \"d f\" or { axes = \"d f\", init = zeros }");
        };
    }

    private static Declaration of(Section keys) {
        keys.allow(KEYS, other -> of(other));
        boolean residual = keys.has("scale");
        if (residual) {
            keys.choice("scale", List.of("residual"));
        }
        List<Axis> axes = keys.reading("axes", () -> ProgramBuilder.axes(keys.text("axes")));
        return new Declaration(axes, start(keys), residual, keys.has("embedding") && keys.flag("embedding"));
    }

    private static Optional<Initialiser> start(Section keys) {
        boolean std = keys.has("std");
        String init = keys.has("init") ? keys.choice("init", STARTS) : std ? "normal" : "fan_in";
        if (std && !init.equals("normal")) {
            throw keys.error("std", "goes with init = normal, found init = " + init);
        }
        return switch (init) {
            case "normal" -> Optional.of(new Initialiser.Normal(std ? keys.number("std", Range.atLeast(0)) : STD));
            case "zeros" -> Optional.of(Initialiser.zeros());
            case "ones" -> Optional.of(Initialiser.ones());
            default -> Optional.empty();
        };
    }

    /**
     * How a parameter starts, when only its use can tell.
     *
     * @throws IllegalArgumentException if it is neither a matrix nor a table
     */
    static Initialiser byUse(Value parameter, Fan fan) {
        return switch (fan.use()) {
            case MULTIPLIED -> new Initialiser.Normal(1 / Math.sqrt(fan.summed()));
            case LOOKED_UP -> new Initialiser.Normal(STD);
            case ELEMENTWISE -> throw new IllegalArgumentException("parameter " + parameter.name()
                    + " is in no einsum, so it has no fan-in to start by; say { axes = \""
                    + String.join(" ", parameter.axes().stream().map(Axis::name).toList())
                    + "\", init = zeros } or ones or normal");
        };
    }
}
