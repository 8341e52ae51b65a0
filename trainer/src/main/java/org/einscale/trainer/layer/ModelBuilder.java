package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;

/** Embedding, blocks, norm, head, loss: puts the layers of a {@link ModelSpec} together. */
final class ModelBuilder {
    private static final Axis VOCABULARY = new Axis("v");
    private static final Set<String> INPUT_OR_RESULT = Set.of("x", "y");
    private static final List<Axis> PREDICTIONS = ProgramBuilder.axes("b l v");

    private final ModelSpec spec;
    private final ProgramBuilder builder = new ProgramBuilder();
    private final Layers layers;
    private final LayerCompiler compiler;

    private final Optional<BaseModel> base;

    private ModelBuilder(ModelSpec spec, AxisNames names, LayerCompiler.Dropout dropout,
            Optional<List<Probe.Applied>> trace, Optional<BaseModel> base) {
        this.spec = spec;
        this.base = base;
        this.layers = spec.library().alias(spec.aliases());
        this.compiler = new LayerCompiler(builder, layers, names, dropout, trace,
                new AttentionScales(base.map(BaseModel::scores).orElse(Map.of())));
    }

    static Model build(ModelSpec spec, int batch, int length, int vocabulary, LayerCompiler.Dropout dropout) {
        return build(spec, batch, length, vocabulary, dropout, Optional.empty());
    }

    static Probe probe(ModelSpec spec, int batch, int length, int vocabulary) {
        List<Probe.Applied> applied = new ArrayList<>();
        return new Probe(build(spec, batch, length, vocabulary, new LayerCompiler.Dropout(0, false, 0),
                Optional.of(applied)), applied);
    }

    private static Model build(ModelSpec spec, int batch, int length, int vocabulary, LayerCompiler.Dropout dropout,
            Optional<List<Probe.Applied>> trace) {
        Optional<BaseModel> base = BaseModel.of(spec, other -> build(other, names(other, batch, length, vocabulary),
                dropout, Optional.empty(), Optional.empty()).asBase());
        return build(spec, names(spec, batch, length, vocabulary), dropout, trace, base).model;
    }

    private static AxisNames names(ModelSpec spec, int batch, int length, int vocabulary) {
        TreeMap<String, Integer> sizes = new TreeMap<>(spec.axes());
        sizes.put("b", batch);
        sizes.put("l", length);
        sizes.put("v", vocabulary);
        return new AxisNames(Sizes.of(sizes));
    }

    /** A model, and what made it. */
    private record Built(ModelBuilder builder, Model model) {
        BaseModel asBase() {
            Fans fans = new Fans(model.program(), model.sizes());
            return new BaseModel(
                    model.parameters().stream().map(Parameter::value)
                            .collect(Collectors.toMap(Value::name, fans::of)),
                    builder.compiler.scales().sizes(model.sizes()));
        }
    }

    /** Builds the model, anew as long as something is learned about the sizes of axes. */
    private static Built build(ModelSpec spec, AxisNames names, LayerCompiler.Dropout dropout,
            Optional<List<Probe.Applied>> trace, Optional<BaseModel> base) {
        while (true) {
            try {
                ModelBuilder builder = new ModelBuilder(spec, names, dropout, trace, base);
                return new Built(builder, builder.build());
            } catch (AxisNames.Again _) {
                names.restart();
                trace.ifPresent(List::clear);
            }
        }
    }

    private Model build() {
        Value tokens = builder.input("tokens", "b l");
        Value targets = builder.input("targets", "b l");
        Pending x = compiler.apply(layers.of("embedding"), "embedding", List.of(Pending.of(tokens)));
        Layer block = block();
        for (int i = 0; i < spec.layers() && !block.steps().isEmpty(); i++) {
            Pending y = compiler.apply(block, "block." + i, List.of(x));
            if (!y.axes().equals(x.axes())) {
                throw stepAtFault(block, x);
            }
            x = y;
        }
        x = compiler.apply(layers.of("norm"), "norm", List.of(x));
        Value logits = head(x).value(builder, "logits");
        if (!logits.axes().equals(PREDICTIONS)) {
            throw new IllegalArgumentException("layer 'head' gives " + compiler.names().text(logits.axes())
                    + "; expected " + Value.text(PREDICTIONS) + ", a number for each token of the vocabulary");
        }
        Value losses = builder.crossEntropy(logits, targets, VOCABULARY);
        Value loss = builder.append("loss", List.of(), new Operation.Reduce(Operation.Reduction.MEAN, losses));
        builder.output(logits);
        builder.output(loss);
        checkParameterAxes();
        Program program = builder.build();
        Sizes sizes = SizeInference.infer(program, compiler.names().sizes());
        return new Model(program, sizes, tokens, targets, Optional.empty(), compiler.dropoutStep(), logits,
                loss,
                parameters(program, sizes), compiler.warnings());
    }

    /** The first step after which the block's value has other axes than before. */
    private LayerError stepAtFault(Layer block, Pending x) {
        Layer part = Layer.named(block.name());
        for (LayerStep step : block.steps()) {
            part = part.step(step.line());
            if (!INPUT_OR_RESULT.contains(step.name())) {
                continue;
            }
            List<Axis> axes = compiler.apply(part, part.steps().size() + "", List.of(x)).axes();
            if (!axes.equals(x.axes())) {
                return step.error(0, "a block takes "
                        + compiler.names().text(x.axes()) + ", but with this step it gives "
                        + compiler.names().text(axes) + "; expected the same axes in the same order");
            }
        }
        throw new IllegalArgumentException("model.block: a block gives other axes than "
                + compiler.names().text(x.axes()) + ", which it takes");
    }

    /** The block as one layer; see {@link ModelSpec#block()}. */
    private Layer block() {
        Layer block = Layer.named("model.block");
        for (String item : spec.block()) {
            block = block.step(item.contains("=") ? item : "x = x + dropout(" + item + "(norm(x)))");
        }
        return block;
    }

    private Pending head(Pending x) {
        if (!spec.tied()) {
            return compiler.apply(layers.of("head"), "head", List.of(x));
        }
        LayerCompiler.Declared table = compiler.parameters().get("embedding.tokens");
        if (table == null) {
            throw new IllegalArgumentException(
                    "model.tied: layer 'embedding' has no parameter 'tokens' to share; expected tied = false");
        }
        return compiler.apply(layers.of("head"), "head", List.of(x, output(table.value())));
    }

    /** A table that is read as a head: there its numbers are divided by how much wider it is than in the base. */
    private Pending output(Value table) {
        Sizes sizes = compiler.names().sizes();
        double wider = base.filter(_ -> table.axes().stream().allMatch(sizes::has))
                .map(there -> (double) sizes.volume(table.axes()) / there.fan(table.name()).out()).orElse(1.0);
        return wider == 1
                ? Pending.of(table)
                : Pending.of(table).combine(Binary.MULTIPLY, Pending.of(Pointwise.constant(1 / wider)));
    }

    private void checkParameterAxes() {
        Sizes sizes = compiler.names().sizes();
        for (LayerCompiler.Declared declared : compiler.parameters().values()) {
            for (Axis axis : declared.value().axes()) {
                if (!sizes.has(axis)) {
                    throw unsized(declared, compiler.names().name(axis));
                }
            }
        }
    }

    private IllegalArgumentException unsized(LayerCompiler.Declared declared, String axis) {
        AxisNames names = compiler.names();
        List<String> sized = names.sizes().axes().stream().map(names::name).distinct().toList();
        String hint = Nearest.to(axis, sized, near -> names.allow(trial -> {
            trial.restart();
            build(declaring(declared, axis, near), trial, compiler.dropout(), Optional.empty(), base);
        })).map(near -> ", or did you mean '" + near + "'?").orElse("");
        return new IllegalArgumentException("axis '" + axis + "' of parameter " + declared.value().name() + " "
                + names.text(declared.value().axes()) + " has no size; give model.axes." + axis
                + " or a rule in the layer's sizes" + hint);
    }

    /** The model with another axis in the place of one of a parameter. */
    private ModelSpec declaring(LayerCompiler.Declared declared, String axis, String other) {
        Declaration declaration = declared.declaration();
        List<Axis> axes = declaration.axes().stream()
                .map(each -> each.name().equals(axis) ? new Axis(other) : each).toList();
        String value = declared.value().name();
        Layer layer = declared.layer().parameter(value.substring(value.lastIndexOf('.') + 1), new Declaration(axes,
                declaration.initialiser(), declaration.residual(), declaration.embedding()));
        return spec.with(spec.library().with(declared.layer(), layer));
    }

    private List<Parameter> parameters(Program program, Sizes sizes) {
        Fans fans = new Fans(program, sizes);
        double residual = 1 / Math.sqrt(Math.max(1, spec.layers() * spec.block().size()));
        List<Parameter> parameters = new ArrayList<>();
        for (LayerCompiler.Declared declared : compiler.parameters().values()) {
            Declaration declaration = declared.declaration();
            Value value = declared.value();
            Fan fan = fans.of(value);
            Fan there = base.map(model -> model.fan(value.name())).orElse(fan);
            Growth growth = Growth.between(there, fan);
            Initialiser start = declaration.initialiser().orElseGet(() -> Declaration.byUse(value, there));
            parameters.add(new Parameter(value,
                    (declaration.residual() ? start.times(residual) : start).times(growth.start()),
                    declaration.embedding(), growth));
        }
        return parameters;
    }
}
