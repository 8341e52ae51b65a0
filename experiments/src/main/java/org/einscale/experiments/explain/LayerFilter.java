package org.einscale.experiments.explain;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.tensor.Nearest;

/**
 * Statements by the layer in the dotted names of their results: {@code attention}, {@code block.0} and
 * {@code block.0.attention} all choose {@code block.0.attention.scores}, its gradient {@code d_block.0.attention.scores}
 * and the update {@code block.0.attention.q'}. What no layer names is of the layers of the
 * values that it reads.
 *
 * @param layer
 *            components of a name, separated by dots; empty for everything
 */
record LayerFilter(String layer) {

    boolean isEverything() {
        return layer.isEmpty();
    }

    /** @throws UserError if no statement is of such a layer, with those that there are, the nearest first */
    void check(Program program) {
        if (program.statements().stream().noneMatch(this::chooses)) {
            Set<String> known = new LinkedHashSet<>();
            Nearest.to(layer, scopes(program)).ifPresent(known::add);
            known.addAll(layers(program));
            throw new UserError("--layer " + layer + ": no value of the program is of such a layer; there are "
                    + String.join(", ", known));
        }
    }

    boolean chooses(Statement statement) {
        Value result = statement.result();
        return isEverything() || (components(result).size() > 1
                ? names(result)
                : Stream.concat(Stream.of(result), statement.operation().operands().stream()).anyMatch(this::names));
    }

    private boolean names(Value value) {
        return Collections.indexOfSubList(components(value), List.of(layer.split("\\.", -1))) >= 0;
    }

    /** The parts of names that are layers: each by its own name, those that are numbered with their number. */
    private static Set<String> layers(Program program) {
        Set<String> layers = new LinkedHashSet<>();
        for (String scope : scopes(program)) {
            String[] components = scope.split("\\.");
            for (int i = 0; i < components.length; i++) {
                if (!isNumber(components[i])) {
                    layers.add(components[i]);
                } else if (i > 0) {
                    layers.add(components[i - 1] + "." + components[i]);
                }
            }
        }
        return layers;
    }

    /** Names without their last component, and all ends of these: block.0.mlp, 0.mlp and mlp. */
    private static Set<String> scopes(Program program) {
        Set<String> scopes = new LinkedHashSet<>();
        for (Statement statement : program.statements()) {
            List<String> components = components(statement.result());
            boolean update = statement.result().name().endsWith("'");
            for (int i = 0; i < components.size() - 1 && !update; i++) {
                scopes.add(String.join(".", components.subList(i, components.size() - 1)));
            }
        }
        return scopes;
    }

    private static boolean isNumber(String component) {
        return component.chars().allMatch(Character::isDigit);
    }

    private static List<String> components(Value value) {
        String name = value.name();
        while (name.startsWith("d_")) {
            name = name.substring(2);
        }
        return Arrays.asList((name.endsWith("'") ? name.substring(0, name.length() - 1) : name).split("\\."));
    }
}
