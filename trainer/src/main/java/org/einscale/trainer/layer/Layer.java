package org.einscale.trainer.layer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.einscale.tensor.Axis;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.config.SettingError;

/**
 * A layer as a person writes it: parameters, and steps that are lines of text. In Java
 *
 * <pre>
 * Layer.named("mlp").size("f", "4 * d").parameter("up", "d f").parameter("down", "f d")
 *         .step("y = einsum('b l f, f d -> b l d', gelu(einsum('b l d, d f -> b l f', x, up)), down)")
 * </pre>
 *
 * and in HOCON
 *
 * <pre>
 * layers.mlp {
 *   sizes { f = "4 * d" }
 *   parameters { up = "d f", down = "f d" }
 *   steps = ["y = einsum('b l f, f d -> b l d', gelu(einsum('b l d, d f -> b l f', x, up)), down)"]
 * }
 * </pre>
 *
 * An axis name is that of an axis of an input; if no input has it, that of the model's axis; if the model has none, that of
 * an axis of this layer's own, whose size is given by a rule or follows from the steps. The layer's result is the step named
 * {@code y}, or the last step if none is.
 *
 * @param name by which other layers and the model call it
 * @param inputs names of what it is applied to; {@code x} unless said otherwise
 * @param local names of axes that are the layer's own even if the model has axes of these names
 * @param sizes for an axis that the model may leave open, its size as arithmetic over other axes, with + - * /,
 *        {@code round(a)} and {@code max(a, b)}; without effect on an axis that the model gives, and in contradiction to an
 *        input's an error
 * @param parameters name to declaration
 * @param steps in order; a step may use the name of an input or an earlier step again, which it then replaces
 */
public record Layer(String name, List<String> inputs, List<String> local, SortedMap<String, LayerStep> sizes,
        SortedMap<String, Declaration> parameters, List<LayerStep> steps) {
    private static final List<String> KEYS = List.of("inputs", "local", "sizes", "parameters", "steps");

    public Layer {
        inputs = List.copyOf(inputs);
        local = List.copyOf(local);
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        steps = List.copyOf(steps);
        for (LayerStep step : steps) {
            if (parameters.containsKey(step.name())) {
                throw step.error(0, "'" + step.name() + "' is a parameter; give the step another name");
            }
        }
    }

    /** A layer of {@code x} without parameters or steps, to add them to. */
    public static Layer named(String name) {
        return new Layer(name, List.of("x"), List.of(), new TreeMap<>(), new TreeMap<>(), List.of());
    }

    /** The same layer applied to the inputs of these names. */
    public Layer inputs(String... names) {
        return new Layer(name, List.of(names), local, sizes, parameters, steps);
    }

    /** The same layer with these axes as its own, whatever the model has. */
    public Layer local(String... axes) {
        List<String> own = Stream.of(axes).map(axis -> new Axis(axis).name()).toList();
        return new Layer(name, inputs, own, sizes, parameters, steps);
    }

    /** The same layer with a rule for an axis that the model leaves open. */
    public Layer size(String axis, String rule) {
        return size(axis, rule, "");
    }

    private Layer size(String axis, String rule, String place) {
        SortedMap<String, LayerStep> more = new TreeMap<>(sizes);
        String where = place + "layer '" + name + "', size of '" + axis + "'";
        if (ModelSpec.RESERVED.contains(axis)) {
            throw new LayerError(where, rule, 0, "b, l and v come from the data; expected a rule for another axis");
        }
        more.put(new Axis(axis).name(), new LayerStep(axis, LayerParser.expression(where, rule), rule, where));
        return new Layer(name, inputs, local, more, parameters, steps);
    }

    /** The same layer with one more parameter, which starts by default. */
    public Layer parameter(String parameter, String axes) {
        return parameter(parameter, Declaration.of(axes));
    }

    /** The same layer with one more parameter. */
    public Layer parameter(String parameter, Declaration declaration) {
        SortedMap<String, Declaration> more = new TreeMap<>(parameters);
        more.put(parameter, declaration);
        return new Layer(name, inputs, local, sizes, more, steps);
    }

    /**
     * The same layer with one more step.
     *
     * @throws LayerError if the line is malformed
     */
    public Layer step(String line) {
        return step(line, "");
    }

    private Layer step(String line, String place) {
        List<LayerStep> more = new ArrayList<>(steps);
        more.add(LayerParser.step(place + where(), line));
        return new Layer(name, inputs, local, sizes, parameters, more);
    }

    /**
     * Reads a layer's section of a configuration.
     *
     * @throws IllegalArgumentException if a key is unknown, a value has the wrong type, or a line is malformed
     */
    public static Layer of(String name, Config config) {
        return of(name, Section.at("layers." + name, config));
    }

    static Layer of(String name, Section keys) {
        keys.allow(KEYS, other -> of(name, other));
        Layer layer = named(name);
        if (keys.has("inputs")) {
            layer = layer.inputs(keys.texts("inputs").toArray(String[]::new));
        }
        if (keys.has("local")) {
            Layer with = layer;
            layer = keys.reading("local", () -> with.local(keys.texts("local").toArray(String[]::new)));
        }
        if (keys.has("sizes")) {
            Section sizes = keys.section("sizes");
            for (String axis : sizes.keys()) {
                Layer with = layer;
                String place = place(sizes.value(axis));
                Axis known = sizes.reading(axis, () -> new Axis(axis));
                layer = with.size(known.name(), sizes.text(axis), place);
            }
        }
        if (keys.has("parameters")) {
            Section parameters = keys.section("parameters");
            for (String parameter : parameters.keys()) {
                layer = layer.parameter(parameter, Declaration.of(parameters, parameter));
            }
        }
        List<String> lines = keys.texts("steps");
        for (int i = 0; i < lines.size(); i++) {
            layer = layer.step(lines.get(i), place(keys.list("steps").get(i)));
        }
        return layer;
    }

    private static String place(ConfigValue value) {
        return SettingError.place(value.origin()).map(place -> place + ": ").orElse("");
    }

    /** What its lines belong to, for messages: a layer, or the setting that it was made from. */
    private String where() {
        return name.contains(".") ? name : "layer '" + name + "'";
    }

    /** Index of the step whose value is the layer's: the last named {@code y}, or the last. */
    int result() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).name().equals("y")) {
                return i;
            }
        }
        return steps.size() - 1;
    }

    /**
     * How often each input, and then each step's result, is read by later steps; being the layer's result counts as once.
     */
    List<Integer> uses() {
        Map<String, Integer> latest = new LinkedHashMap<>();
        List<Integer> uses = new ArrayList<>(Collections.nCopies(inputs.size() + steps.size(), 0));
        inputs.forEach(input -> latest.put(input, latest.size()));
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).expression().names().map(name -> latest.get(name.name())).filter(Objects::nonNull)
                    .forEach(definition -> uses.set(definition, uses.get(definition) + 1));
            latest.put(steps.get(i).name(), inputs.size() + i);
        }
        uses.set(inputs.size() + result(), uses.get(inputs.size() + result()) + 1);
        return uses;
    }
}
