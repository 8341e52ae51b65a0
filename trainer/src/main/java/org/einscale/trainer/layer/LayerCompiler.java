package org.einscale.trainer.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.jspecify.annotations.Nullable;

/**
 * From layers to statements of a program. Pointwise functions that follow one another become one map, a pass over memory
 * each; a result that several steps read is computed once. Every application of a layer has parameters of its own, which
 * are states named after the way to them, such as {@code block.0.attention.q}.
 */
final class LayerCompiler {

    /**
     * What {@code dropout} does.
     *
     * @param rate of {@code dropout(a)} without a rate of its own
     * @param training if false, {@code dropout(a)} is a
     */
    record Dropout(double rate, boolean training, long seed) {}

    /** A parameter that some step of a layer has read. */
    record Declared(Value value, Declaration declaration, Layer layer) {}

    private final ProgramBuilder builder;
    private final Layers layers;
    private final SequencedSet<String> warnings = new LinkedHashSet<>();
    private final Optional<List<Probe.Applied>> trace;
    private final Dropout dropout;
    private final SequencedMap<String, Declared> parameters = new LinkedHashMap<>();
    private final Deque<String> applying = new ArrayDeque<>();
    private final AxisNames names;
    private final AttentionScales scales;
    private @Nullable Value dropoutStep;

    /** @param sizes that the model gives */
    LayerCompiler(ProgramBuilder builder, Layers layers, Sizes sizes, Dropout dropout) {
        this(builder, layers, new AxisNames(sizes), dropout, Optional.empty(), new AttentionScales(Map.of()));
    }

    /**
     * @param names which may have learned from an attempt before
     * @param trace gets every layer's result, which is then computed for itself
     */
    LayerCompiler(ProgramBuilder builder, Layers layers, AxisNames names, Dropout dropout,
            Optional<List<Probe.Applied>> trace, AttentionScales scales) {
        this.scales = scales;
        this.trace = trace;
        this.builder = builder;
        this.layers = layers;
        this.names = names;
        this.dropout = dropout;
    }

    /**
     * Applies a layer to the model's own values.
     *
     * @param scope first part of the names of its parameters
     * @param arguments one for each input
     * @throws LayerError if the layer's text does not make sense
     * @throws AxisNames.Again if it has to be compiled anew
     */
    Pending apply(Layer layer, String scope, List<Pending> arguments) {
        return apply(layer, scope, arguments, null);
    }

    /** The same within another layer, whose names of axes are given. */
    Pending apply(Layer layer, String scope, List<Pending> arguments, @Nullable AxisScope caller) {
        check(layer);
        applying.push(layer.name());
        AxisScope axes = new AxisScope(names, layer, scope, caller, arguments);
        Pending result = run(layer, new LayerFrame(this, layer, scope, axes), arguments);
        applying.pop();
        return trace.map(applied -> {
            Value value = result.value(builder, scope);
            applied.add(new Probe.Applied(layer.name(), scope, value));
            return Pending.of(value);
        }).orElse(result);
    }

    /** Refuses a layer that cannot be applied here. */
    void check(Layer layer) {
        if (applying.contains(layer.name())) {
            throw new IllegalArgumentException("layer '" + layer.name() + "' applies itself");
        }
        if (layer.steps().isEmpty()) {
            throw new IllegalArgumentException("layer '" + layer.name() + "' has no steps; expected at least one");
        }
    }

    private Pending run(Layer layer, LayerFrame frame, List<Pending> arguments) {
        List<Integer> uses = layer.uses();
        for (int i = 0; i < arguments.size(); i++) {
            frame.bind(layer.inputs().get(i), arguments.get(i), uses.get(i));
        }
        List<Pending> results = new ArrayList<>();
        for (int i = 0; i < layer.steps().size(); i++) {
            LayerStep step = layer.steps().get(i);
            int used = uses.get(arguments.size() + i);
            if (used == 0) {
                throw frame.error(step, 0,
                        "'" + step.name() + "' is never used; remove the step, or call the layer's result y");
            }
            results.add(frame.bind(step.name(), frame.compile(step), used));
        }
        frame.requireAllParametersRead();
        return results.get(layer.result());
    }

    /** A compiler that goes on from here with a program and names of its own. */
    LayerCompiler onTrial(AxisNames trial) {
        LayerCompiler other = new LayerCompiler(new ProgramBuilder(builder.build()), layers, trial, dropout,
                Optional.empty(), scales.anew());
        other.applying.addAll(applying);
        other.parameters.putAll(parameters);
        other.dropoutStep = dropoutStep;
        return other;
    }

    ProgramBuilder builder() {
        return builder;
    }

    Layers layers() {
        return layers;
    }

    Dropout dropout() {
        return dropout;
    }

    AxisNames names() {
        return names;
    }

    AttentionScales scales() {
        return scales;
    }

    /** Says something to the user that is no error, once however often the layer is applied. */
    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Parameters in the order in which steps first read them. */
    SequencedMap<String, Declared> parameters() {
        return parameters;
    }

    /** The scalar input that counts steps for dropout, if there is any dropout. */
    Optional<Value> dropoutStep() {
        return Optional.ofNullable(dropoutStep);
    }

    /** The state of a parameter, declared when first asked for. */
    Value parameter(String name, Declaration declaration, Layer layer, AxisScope scope) {
        return parameters.computeIfAbsent(name, n -> {
            List<String> axes = declaration.axes().stream().map(axis -> scope.named(axis.name()).name()).toList();
            return new Declared(builder.state(n, String.join(" ", axes)), declaration, layer);
        }).value();
    }

    /** Each element kept with probability 1 - rate and then divided by that (Srivastava et al. 2014, inverted). */
    Pending dropout(Pending operand, Optional<Double> ownRate, String name) {
        double rate = ownRate.orElse(dropout.rate());
        if (rate == 0 || !dropout.training()) {
            return operand;
        }
        double keep = 1 - rate;
        Value mask = builder.bernoulli(keep, dropout.seed(), name, step(), operand.axes());
        Pending kept = operand.combine(Binary.MULTIPLY, Pending.of(mask));
        return new Pending(kept.expression().times(Pointwise.constant(1 / keep)),
                kept.operands());
    }

    private Value step() {
        Value step = dropoutStep;
        if (step == null) {
            step = builder.input("dropout_step", "");
            dropoutStep = step;
        }
        return step;
    }
}
